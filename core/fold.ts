/**
 * The fold: the only place where state changes. A pure function of the log that needs no schema,
 * because each op says how it merges. Rules FO1 … in spec/RULES.md say what it must do.
 *
 * It reads through `Confirmed`, whatever holds the state (a Map in tests, the rows that an adapter
 * loaded), and answers with what changed, so its cost follows the ops and not the replica.
 */
import { ChangedState, type Confirmed, type Dropped } from './changed-state.ts';
import { conflictKeyOf, type Conflict, type ConflictKey } from './conflict.ts';
import { asSeq, FIRST_SEQ, SERVER_ACTOR, type ActorId, type Clock, type Seq } from './ids.ts';
import type { SequencedOp } from './op.ts';
import { applyMutation } from './mutate.ts';
import type { Mutation } from './mutation.ts';
import { parsePayload } from './payload.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';
import type { Write } from './write.ts';

/** An op whose payload says nothing that its grammar knows: it had no effect but this record. */
export interface Malformed {
  readonly seq: Seq;
  readonly actor: ActorId;
  readonly clock: Clock;
  readonly why: string;
}

/** What a fold changed: what is in `dropped` is in neither of the others. */
export interface Folded {
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  /** Those that were found, and those that were closed. */
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  /** What drops have taken. */
  readonly dropped: Dropped;
  readonly malformed: readonly Malformed[];
  /** The ops folded, from the first: all of them, unless one stopped it. */
  readonly count: number;
  /** An op of a grammar that this code is too old for: it and what follows wait for an update. */
  readonly stopped?: { readonly seq: Seq; readonly version: number };
}

/** Folds `ops`, in the order of the log, onto `confirmed`. Total: no payload makes it throw. */
export function fold(confirmed: Confirmed, ops: readonly SequencedOp[]): Folded {
  const changed = new ChangedState(confirmed);
  const { records, conflicts, dropped } = changed;
  const malformed: Malformed[] = [];
  const conflictOf = (key: ConflictKey) => changed.conflict(key);
  const note = ({ seq, actor, clock }: SequencedOp, why: string) =>
    malformed.push({ seq, actor, clock, why });
  for (const [count, op] of ops.entries()) {
    const parsed = parsePayload(op.payload, op.v);
    switch (parsed.kind) {
      case 'unknown-version': {
        const stopped = { seq: op.seq, version: op.v };
        return { records, conflicts, dropped, malformed, count, stopped };
      }
      case 'malformed':
        note(op, parsed.why);
        break;
      case 'drop':
        if (op.actor === SERVER_ACTOR) changed.drop(parsed.through);
        else note(op, 'drop: not by the server');
        break;
      case 'known': {
        const write: Write = { ...op, was: parsed.payload.was };
        for (const mutation of parsed.payload.do) {
          const key = recordKeyOf(mutation);
          const before = changed.record(key);
          const { state, found, closed } = applyMutation(before, mutation, write, conflictOf);
          if (state && state !== before) changed.putRecord(key, state);
          if (closed) changed.putConflict(closed);
          for (const conflict of found) changed.addConflict(conflict);
        }
        break;
      }
    }
  }
  return { records, conflicts, dropped, malformed, count: ops.length };
}

/** A record after the fold, of which the host had `before`. */
export const stateAfter = (
  { records, dropped }: Pick<Folded, 'records'> & Partial<Pick<Folded, 'dropped'>>,
  key: RecordKey,
  before: RecordState | undefined,
): RecordState | undefined =>
  dropped?.records.has(key) ? undefined : (records.get(key) ?? before);

/** The records that `ops` may read or change, each once: what a host loads before it folds. */
export function touchedBy(ops: readonly { payload: string; v: number }[]): Set<RecordKey> {
  const keys = new Set<RecordKey>();
  for (const op of ops) for (const mutation of mutationsOf(op)) keys.add(recordKeyOf(mutation));
  return keys;
}

/** The conflicts that `ops` name: what a host loads beside the records. */
export function conflictsNamed(ops: readonly { payload: string; v: number }[]): Set<ConflictKey> {
  const keys = new Set<ConflictKey>();
  // Version 1 of the grammar names none, and most ops are of it.
  for (const mutation of ops.filter(({ v }) => v > 1).flatMap(mutationsOf)) {
    if (mutation.kind === 'resolve') keys.add(conflictKeyOf(mutation.conflict));
  }
  return keys;
}

/** How far the drops among `ops` go: what a host loads for, beside what is named; 0 where there is none. */
export function dropsThrough(ops: readonly { actor: ActorId; payload: string; v: number }[]): Seq {
  const throughs = ops
    .filter(({ actor }) => actor === SERVER_ACTOR)
    .map(({ payload, v }) => parsePayload(payload, v))
    .map((parsed) => (parsed.kind === 'drop' ? parsed.through : FIRST_SEQ));
  return asSeq(Math.max(FIRST_SEQ, ...throughs));
}

/** The mutations of an op; none for one that is malformed or of an unknown grammar. */
export function mutationsOf(op: { payload: string; v: number }): readonly Mutation[] {
  const parsed = parsePayload(op.payload, op.v);
  return parsed.kind === 'known' ? parsed.payload.do : [];
}
