/** Ops as the log holds them and as the outbox holds them. */
import type { ActorId, Clock, Seq } from './ids.ts';

/** One change by one actor in one space, in its place in the log. Never changes. */
export interface SequencedOp {
  readonly seq: Seq;
  readonly actor: ActorId;
  readonly clock: Clock;
  /** What its author had on screen: the serverSeq of that view. */
  readonly base: Seq;
  /** The author's wall time in ms, clamped by the server to its own. Never an order. */
  readonly at: number;
  /** Version of the payload's grammar. */
  readonly v: number;
  readonly payload: string;
  /** Names the key of a sealed payload; absent in a plain space. */
  readonly key?: string;
}

/** An op still in the outbox: it has no place in the log, perhaps no clock either. */
export interface PendingOp {
  readonly actor: ActorId;
  readonly base: Seq;
  readonly at: number;
  readonly v: number;
  readonly payload: string;
}

/** What a client sends of an op. */
export interface OpToSend {
  readonly clock: Clock;
  readonly base: Seq;
  readonly at: number;
  readonly v: number;
  readonly payload: string;
  readonly key?: string;
}

/** Gives up a sealed op: uses up its clock and leaves no entry in the log. */
export interface VoidClock {
  readonly clock: Clock;
  readonly void: true;
}
