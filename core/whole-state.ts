/** A space's whole state in memory, growing along its log: where it is built, not where it is lived in. */
import type { Confirmed } from './changed-state.ts';
import { droppableIn } from './droppable-in.ts';
import type { Conflict, ConflictKey } from './conflict.ts';
import { fold, type Folded, type Malformed } from './fold.ts';
import { asSeq, type ActorId, type Clock, type Seq } from './ids.ts';
import type { SequencedOp } from './op.ts';
import type { RecordKey, RecordState } from './record.ts';
import type { Snapshot } from './snapshot.ts';

export class WholeState {
  seq: Seq;
  /** The last clock folded of each actor. */
  readonly actors: Map<ActorId, Clock>;
  readonly records: Map<RecordKey, RecordState>;
  readonly conflicts: Map<ConflictKey, Conflict>;
  /** In the order of the log. */
  readonly malformed: Malformed[];

  /** The state of a snapshot, or of a log that is empty. */
  constructor(from?: Snapshot) {
    this.seq = from?.header.seq ?? asSeq(0);
    this.actors = new Map(from?.actors);
    this.records = new Map(from?.records);
    this.conflicts = new Map(from?.conflicts);
    this.malformed = [...(from?.malformed ?? [])];
  }

  readonly #confirmed: Confirmed = {
    get: (key) => this.records.get(key),
    conflict: (key) => this.conflicts.get(key),
    droppable: () => droppableIn(this),
  };

  /** Folds the ops that follow in the log; those of a grammar that is not known here stay out. */
  fold(ops: readonly SequencedOp[]): Folded {
    const folded = fold(this.#confirmed, ops);
    for (const key of folded.dropped.records) this.records.delete(key);
    for (const key of folded.dropped.conflicts) this.conflicts.delete(key);
    for (const [key, record] of folded.records) this.records.set(key, record);
    for (const [key, conflict] of folded.conflicts) this.conflicts.set(key, conflict);
    for (const each of folded.malformed) this.malformed.push(each);
    for (const { actor, clock } of ops.slice(0, folded.count)) this.actors.set(actor, clock);
    this.seq = asSeq(this.seq + folded.count);
    return folded;
  }
}
