/** Deleting a record, and restoring it. */
import { changesIn, lostChange } from './changes.ts';
import type { Conflict } from './conflict.ts';
import { nameOf, sideOf } from './make-conflict.ts';
import type { Json } from './json.ts';
import type { DeleteOrRestore } from './mutation.ts';
import { unburied, type RecordState, type Stamp } from './record.ts';
import { hadSeen } from './seen.ts';
import { stampOf, type Applied, type Write } from './write.ts';

/** Sets a tombstone, also on what is not known; what its author had not seen makes a conflict. */
export function bury(
  before: RecordState | undefined,
  mutation: DeleteOrRestore,
  write: Write,
): Applied {
  const grave = stampOf(write);
  if (!before) {
    const { collection, id } = mutation;
    return { state: { collection, id, born: [], fields: new Map(), grave }, found: [] };
  }
  if (before.grave) return { state: before, found: [] };
  const conflict = deleteEdit(before, write);
  return { state: { ...before, grave }, found: conflict ? [conflict] : [] };
}

/** Of a record that was never known there is nothing to bring back: only `new` makes one. */
export const unbury = (before: RecordState): RecordState =>
  before.grave && before.born.length > 0 ? unburied(before) : before;

function deleteEdit(before: RecordState, write: Write): Conflict | undefined {
  const isUnseen = (stamp: Stamp) => !hadSeen(write, stamp);
  const registers = [...before.fields].filter(([, register]) => isUnseen(register));
  const { changes, stamps } = changesIn(before, isUnseen);
  const [first, ...others] = [...registers.map(([, register]) => register), ...stamps];
  if (!first) return undefined;
  const newest = others.reduce<Stamp>((a, b) => (b.seq > a.seq ? b : a), first);
  const values = new Map<string, Json>(registers.map(([name, { value }]) => [name, value]));
  const under = changes.map((change) => lostChange(change, true));
  return {
    ...nameOf(before, null, write),
    kind: 'delete-edit',
    open: true,
    winner: sideOf(null, write),
    loser: sideOf(values, newest, under),
  };
}
