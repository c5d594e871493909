/** Ops as the log holds them and as the outbox holds them. */
import type { ActorId, Clock, Seq } from './ids.ts';

/** What a client sends of an op. From its sealing on it never changes. */
export interface OpToSend {
  readonly clock: Clock;
  /** What its author had on screen: the serverSeq of that view. */
  readonly base: Seq;
  /** The author's wall time in ms; in the log, clamped by the server to its own. Never an order. */
  readonly at: number;
  /** Version of the payload's grammar. */
  readonly v: number;
  readonly payload: string;
  /** Names the key of a sealed payload; absent in a plain space. */
  readonly key?: string;
}

/** One change by one actor in one space, in its place in the log. */
export interface SequencedOp extends OpToSend {
  readonly seq: Seq;
  readonly actor: ActorId;
}

/** An op still in the outbox: it has no place in the log, perhaps no clock either. */
export type PendingOp = Pick<SequencedOp, 'actor' | 'base' | 'at' | 'v' | 'payload'>;

/** Gives up a sealed op: uses up its clock and leaves no entry in the log. */
export interface VoidClock {
  readonly clock: Clock;
  readonly void: true;
}
