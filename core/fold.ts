/**
 * The fold: the only place where state changes. A pure function of the log that needs no schema,
 * because each op says how it merges. Rules FO1 … in spec/RULES.md say what it must do.
 *
 * It reads through `Confirmed`, whatever holds the state (a Map in tests, the rows that an adapter
 * loaded), and answers with what changed, so its cost follows the ops and not the replica.
 */
import { conflictKeyOf, type Conflict, type ConflictKey } from './conflict.ts';
import { joinConflicts } from './make-conflict.ts';
import type { ActorId, Clock, Seq } from './ids.ts';
import type { SequencedOp } from './op.ts';
import { applyMutation } from './mutate.ts';
import type { Mutation } from './mutation.ts';
import { parsePayload } from './payload.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';
import type { Write } from './write.ts';

/** The state folded so far, as far as the ops at hand touch it. */
export interface Confirmed {
  get(key: RecordKey): RecordState | undefined;
  /** Asked of those alone that an op names. */
  conflict(key: ConflictKey): Conflict | undefined;
}

/** An op whose payload says nothing that its grammar knows: it had no effect but this record. */
export interface Malformed {
  readonly seq: Seq;
  readonly actor: ActorId;
  readonly clock: Clock;
  readonly why: string;
}

/** What a fold changed. */
export interface Folded {
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  /** Those that were found, and those that were closed. */
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  readonly malformed: readonly Malformed[];
  /** The ops folded, from the first: all of them, unless one stopped it. */
  readonly count: number;
  /** An op of a grammar that this code is too old for: it and what follows wait for an update. */
  readonly stopped?: { readonly seq: Seq; readonly version: number };
}

/** Folds `ops`, in the order of the log, onto `confirmed`. Total: no payload makes it throw. */
export function fold(confirmed: Confirmed, ops: readonly SequencedOp[]): Folded {
  const records = new Map<RecordKey, RecordState>();
  const conflicts = new Map<ConflictKey, Conflict>();
  const malformed: Malformed[] = [];
  const conflictOf = (key: ConflictKey) => conflicts.get(key) ?? confirmed.conflict(key);
  for (const [count, op] of ops.entries()) {
    const parsed = parsePayload(op.payload, op.v);
    switch (parsed.kind) {
      case 'unknown-version':
        return { records, conflicts, malformed, count, stopped: { seq: op.seq, version: op.v } };
      case 'malformed':
        malformed.push({ seq: op.seq, actor: op.actor, clock: op.clock, why: parsed.why });
        break;
      case 'known': {
        const write: Write = { ...op, was: parsed.payload.was };
        for (const mutation of parsed.payload.do) {
          const key = recordKeyOf(mutation);
          const before = records.get(key) ?? confirmed.get(key);
          const { state, found, closed } = applyMutation(before, mutation, write, conflictOf);
          if (state && state !== before) records.set(key, state);
          if (closed) conflicts.set(conflictKeyOf(closed), closed);
          for (const conflict of found) addConflict(conflicts, conflict);
        }
        break;
      }
    }
  }
  return { records, conflicts, malformed, count: ops.length };
}

/** Parts of one op may lose to the same deletion: they are one conflict. */
function addConflict(conflicts: Map<ConflictKey, Conflict>, conflict: Conflict): void {
  const key = conflictKeyOf(conflict);
  const same = conflicts.get(key);
  conflicts.set(key, same ? joinConflicts(same, conflict) : conflict);
}

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

/** The mutations of an op; none for one that is malformed or of an unknown grammar. */
export function mutationsOf(op: { payload: string; v: number }): readonly Mutation[] {
  const parsed = parsePayload(op.payload, op.v);
  return parsed.kind === 'known' ? parsed.payload.do : [];
}
