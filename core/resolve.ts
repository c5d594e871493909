/**
 * Closing a conflict. Who names a conflict has seen how it came about, so a resolve is an edit by
 * someone who had seen both of its sides.
 */
import { applyChange } from './apply-change.ts';
import { birthOf, conflictKeyOf, type Conflict, type ConflictKey } from './conflict.ts';
import { edit, putNew } from './edits.ts';
import { asSeq } from './ids.ts';
import { jsonEquals, type Json } from './json.ts';
import { nameOf, sideOf } from './make-conflict.ts';
import type { Fields, Put, Resolve } from './mutation.ts';
import { unburied, type RecordState, type Stamp } from './record.ts';
import { setFields } from './registers.ts';
import { hadSeen } from './seen.ts';
import { stampOf, type Applied, type Write } from './write.ts';

/** The conflicts that were found so far, as far as the ops at hand name them. */
export type ConflictOf = (key: ConflictKey) => Conflict | undefined;

export function resolve(
  before: RecordState | undefined,
  mutation: Resolve,
  write: Write,
  conflictOf: ConflictOf,
): Applied {
  const conflict = conflictOf(conflictKeyOf(mutation.conflict));
  if (!conflict) return resolveUnknown(before, mutation, write);
  const knowing = { ...write, base: asSeq(Math.max(write.base, birthOf(conflict))) };
  const values = valuesTaken(mutation, conflict);
  if (conflict.closed && !hadSeen(knowing, conflict.closed)) {
    const late = values && tooLate(before, { mutation, values, closed: conflict.closed }, write);
    return { state: before, found: late ? [late] : [] };
  }
  const applied = values
    ? take(before, { conflict, put: putOf(mutation, values) }, knowing)
    : { state: before, found: [] };
  if (!conflict.open) return applied;
  return { ...applied, closed: { ...conflict, open: false, closed: stampOf(write) } };
}

/** What the resolve puts; nothing where the winner stays. */
function valuesTaken({ take: wanted }: Resolve, { loser }: Conflict): Fields | undefined {
  if (wanted === 'winner') return undefined;
  return wanted === 'loser' ? (loser.values ?? new Map<string, Json>()) : wanted;
}

/** Of a conflict that is known no more a side says nothing, but what somebody typed is a put. */
function resolveUnknown(before: RecordState | undefined, mutation: Resolve, write: Write): Applied {
  const { take: wanted, conflict } = mutation;
  if (typeof wanted === 'string') return { state: before, found: [] };
  const put = putOf(mutation, wanted);
  return conflict.field === null ? putNew(before, put, write) : edit(before, put, write);
}

interface Taken {
  readonly conflict: Conflict;
  readonly put: Put;
}

const take = (before: RecordState | undefined, taken: Taken, write: Write): Applied =>
  taken.conflict.field === null ? bringBack(before, taken, write) : edit(before, taken.put, write);

/** The record as it was before its deletion, or made again, with what had lost to that. */
function bringBack(
  before: RecordState | undefined,
  { conflict, put }: Taken,
  write: Write,
): Applied {
  const { collection, id } = put;
  const there = before ? unburied(before) : { collection, id, born: [], fields: new Map() };
  // As a `new` does, so that whatever it writes is of the record's present life.
  const living = { ...there, born: [...there.born, stampOf(write)] };
  const { state, found } = setFields(living, put, write);
  return { state: withLost(state, { before, conflict }, write), found };
}

/** Applies the changes that had lost, but those that are in this life of the record already. */
function withLost(
  state: RecordState,
  { before, conflict }: { readonly before: RecordState | undefined; readonly conflict: Conflict },
  write: Write,
): RecordState {
  const { changes = [] } = conflict.loser;
  const key = conflictKeyOf(conflict);
  if (changes.length === 0 || before?.taken?.includes(key)) return state;
  const isUnderneath = isOfLifeBefore(before, conflict.winner.stamp);
  const due = changes.filter(({ kept }) => !(kept && isUnderneath));
  const after = due.reduce((sum, change) => applyChange(sum, change, write), state);
  return { ...after, taken: [...(before?.taken ?? []), key] };
}

/** Whether the record still has the life that this deletion ended. */
function isOfLifeBefore(state: RecordState | undefined, grave: Stamp | null): boolean {
  const birth = state?.born[0];
  return birth !== undefined && grave !== null && birth.seq <= grave.seq;
}

interface Late {
  readonly mutation: Resolve;
  readonly values: Fields;
  readonly closed: Stamp;
}

/** Somebody had closed it before: that stands, and what this resolve wanted is kept beside it. */
function tooLate(
  before: RecordState | undefined,
  { mutation, values, closed }: Late,
  write: Write,
): Conflict | undefined {
  const living = before && !before.grave ? before : undefined;
  const shown = (name: string) => living?.fields.get(name)?.value;
  const lost = [...values].filter(([name, value]) => {
    const now = shown(name);
    return now === undefined || !jsonEquals(now, value);
  });
  if (lost.length === 0) return undefined;
  const standing = lost.flatMap(([name]): [string, Json][] => {
    const now = shown(name);
    return now === undefined ? [] : [[name, now]];
  });
  return {
    ...nameOf(mutation, mutation.conflict.field, write),
    kind: 'resolve-resolve',
    open: false,
    winner: sideOf(living ? new Map(standing) : null, closed),
    loser: sideOf(new Map(lost), write),
  };
}

const putOf = ({ collection, id }: Resolve, fields: Fields): Put => ({
  kind: 'put',
  collection,
  id,
  isNew: false,
  fields,
  latest: new Set(),
  manual: new Set(),
});
