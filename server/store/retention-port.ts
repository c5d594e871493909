/**
 * What a store knows of how old its logs are, who still follows them, and how they get shorter.
 *
 * Age is served time: how long servers have run on this database, counted by their own ticks. A wall
 * clock that jumps, or a year in which no server ran, makes nothing older.
 *
 * The laws, beside those of port.ts:
 *
 * 1. A drop is appended like any op: between the facts of its decision and its row nothing changes.
 * 2. Rows go from the log's start on, only through the last drop, and the horizon with its digest moves
 *    in the same transaction: at every moment the log is whole from the horizon to the head.
 * 3. What an actor may still ask about by its clock is answered as if the row were there.
 * 4. Of the snapshots only those count for a drop and for rows to go that their caller has read back,
 *    and names. What a row says of them is not what is left of their bodies.
 */
import type { ActorId, Clock, Seq, SpaceId, UnplacedOp } from '../../core/index.ts';
import type { LogRow, StoredSpace } from './port.ts';

/** Where a log stood at a served time. */
export interface LogMark {
  readonly seq: Seq;
  readonly served: number;
}

/** An actor that has proved how far it has folded. */
export interface Follower {
  readonly actor: ActorId;
  readonly cursor: Seq;
  /** In served time, to a day. */
  readonly seen: number;
}

/** How things stand for a space's retention, all read at one moment. */
export interface RetentionFacts {
  readonly space: StoredSpace;
  /** Through where the last drop went; the horizon follows it. */
  readonly dropped: Seq;
  readonly served: number;
  /** Ascending. */
  readonly marks: readonly LogMark[];
  readonly followers: readonly Follower[];
  /** Of the snapshots that lie on the log, the newest first. */
  readonly snapshots: readonly Seq[];
  /** Behind `dropped`: the first op that somebody else than the server wrote. */
  readonly firstWritten: Seq | null;
  /** The last clock of the server's own actor. */
  readonly serverClock: Clock;
}

/** The server's own op, and through where it drops. */
export interface DropWrite {
  readonly row: LogRow;
  readonly through: Seq;
}

export interface RowRemoval {
  /** Of rows in one transaction. */
  readonly most: number;
  /** The snapshots that were read back. */
  readonly whole: ReadonlySet<number>;
  /** Of an op as it was received. */
  readonly hashOf: (op: UnplacedOp) => string;
}

export interface LogFigures {
  readonly space: SpaceId;
  /** Rows in the log, and the bytes of their payloads. */
  readonly ops: number;
  readonly bytes: number;
  readonly facts: RetentionFacts;
  /** Of what is stored of its snapshots. */
  readonly snapshotBytes: number;
  readonly newestSnapshot: { readonly seq: Seq; readonly builtAt: number } | null;
}

export interface RetentionStore {
  /** In ms, as of the last tick. */
  served(): number;
  /** Counts `ms` in which a server ran; once a day of them, marks where each log stands. */
  tick(ms: number): Promise<void>;
  /** The spaces with a mark at or before this served time behind their last drop, or rows yet to go. */
  due(markedBy: number): Promise<readonly SpaceId[]>;
  /** The spaces that are not deleted, in the order of their making. */
  living(): Promise<readonly SpaceId[]>;
  /** How a space stands, as far as rows say it: of its snapshots no body was read. */
  facts(space: SpaceId): Promise<RetentionFacts | null>;
  /**
   * Decides on the facts of a space that is there, and appends the drop where there is one. Of its
   * snapshots the facts have those in `whole`.
   */
  drop<Reply>(
    space: SpaceId,
    whole: ReadonlySet<number>,
    decide: (facts: RetentionFacts) => { readonly drop: DropWrite | null; readonly reply: Reply },
  ): Promise<Reply | null>;
  /** Removes the next rows; how many. 0 where none are left, or two snapshots do not cover them. */
  removeRows(space: SpaceId, removal: RowRemoval): Promise<number>;
}
