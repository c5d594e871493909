/** One mutation on one record: the merge rules, each a small function. `fold` is the only caller but `rebase`. */
import type { Conflict, ConflictSide } from './conflict.ts';
import { jsonEquals, type Json } from './json.ts';
import type { Fields, Mutation, Put } from './payload.ts';
import type { RecordState, Register, Stamp } from './record.ts';
import { hadSeen, type Author } from './seen.ts';

/** An op as its mutations see it. */
export interface Write extends Author, Stamp {}

export interface Applied {
  /** The record afterwards; undefined while nothing has made it. */
  readonly state: RecordState | undefined;
  readonly found: readonly Conflict[];
}

export function applyMutation(
  before: RecordState | undefined,
  mutation: Mutation,
  write: Write,
): Applied {
  switch (mutation.kind) {
    case 'put':
      return mutation.isNew ? putNew(before, mutation, write) : edit(before, mutation, write);
    case 'delete':
      return bury(before, mutation, write);
    case 'restore':
      return { state: before && unbury(before), found: [] };
  }
}

/** `new`: makes the record, joins a living one, or begins a new life on a tombstone its author knew. */
function putNew(before: RecordState | undefined, put: Put, write: Write): Applied {
  const stamp = stampOf(write);
  if (!before || (before.grave && hadSeen(write, before.grave))) {
    const { collection, id } = put;
    return setFields({ collection, id, born: [stamp], fields: new Map() }, put, write);
  }
  const joined = { ...before, born: [...before.born, stamp] };
  return before.grave ? editUnderGrave(joined, put, write) : setFields(joined, put, write);
}

/** An edit of what is there; of what is not, it stays as a conflict: a purged record cannot half come back. */
function edit(before: RecordState | undefined, put: Put, write: Write): Applied {
  if (!before) return { state: before, found: [editDelete(put, write, null)] };
  const ofThisLife = before.born.some((stamp) => hadSeen(write, stamp));
  if (!ofThisLife) return { state: before, found: [editDelete(put, write, before.grave ?? null)] };
  if (before.grave) return editUnderGrave(before, put, write);
  return setFields(before, put, write);
}

/** A concurrent edit of a deleted record loses to the deletion, but is kept for a restore. */
function editUnderGrave(before: RecordState, put: Put, write: Write): Applied {
  const grave = before.grave ?? null;
  const lost = editDelete(put, write, grave);
  if (!grave || hadSeen(write, grave)) return { state: before, found: [lost] };
  const under = setFields(before, put, write);
  return { state: under.state, found: [...under.found, lost] };
}

function bury(before: RecordState | undefined, mutation: Mutation, write: Write): Applied {
  const grave = stampOf(write);
  if (!before) {
    const { collection, id } = mutation;
    return { state: { collection, id, born: [], fields: new Map(), grave }, found: [] };
  }
  if (before.grave) return { state: before, found: [] };
  const unseen = [...before.fields].filter(([, register]) => !hadSeen(write, register));
  const found = unseen.length > 0 ? [deleteEdit(mutation, unseen, write)] : [];
  return { state: { ...before, grave }, found };
}

/** Of a record that was never known there is nothing to bring back: only `new` makes one. */
function unbury(before: RecordState): RecordState {
  if (!before.grave || before.born.length === 0) return before;
  const { collection, id, born, fields } = before;
  return { collection, id, born, fields };
}

function setFields(before: RecordState, put: Put, write: Write): Applied {
  const fields = new Map(before.fields);
  const found: Conflict[] = [];
  for (const [name, value] of put.fields) {
    const old = fields.get(name);
    const mine: Register = { ...stampOf(write), value };
    const byTime = put.latest.has(name);
    if (!old || hadSeen(write, old)) {
      fields.set(name, mine);
    } else if (jsonEquals(old.value, value)) {
      // The same, and no conflict; but a third value is measured against the later of the two.
      if (byTime && write.at > old.at) fields.set(name, mine);
    } else {
      const mineWins = !byTime || write.at >= old.at;
      if (mineWins) fields.set(name, mine);
      found.push(editEdit(put, name, mineWins ? [mine, old] : [old, mine], write));
    }
  }
  return { state: { ...before, fields }, found };
}

// ── the conflicts that these find ────────────────────────────────────────────────────────────────

function editEdit(put: Put, field: string, sides: [Register, Register], write: Write): Conflict {
  const [winner, loser] = sides.map((side) => sideOf(new Map([[field, side.value]]), side));
  return {
    ...nameOf(put, field, write),
    kind: 'edit-edit',
    open: put.manual.has(field),
    winner: winner as ConflictSide,
    loser: loser as ConflictSide,
  };
}

function editDelete(put: Put, write: Write, grave: Stamp | null): Conflict {
  return {
    ...nameOf(put, null, write),
    kind: 'edit-delete',
    open: true,
    winner: sideOf(null, grave),
    loser: sideOf(put.fields, write),
  };
}

function deleteEdit(
  mutation: Mutation,
  unseen: readonly [string, Register][],
  write: Write,
): Conflict {
  const values = new Map<string, Json>(unseen.map(([name, register]) => [name, register.value]));
  const newest = unseen.map(([, register]) => register).reduce((a, b) => (b.seq > a.seq ? b : a));
  return {
    ...nameOf(mutation, null, write),
    kind: 'delete-edit',
    open: true,
    winner: sideOf(null, write),
    loser: sideOf(values, newest),
  };
}

const nameOf = ({ collection, id }: Mutation, field: string | null, { actor, clock }: Write) => ({
  actor,
  clock,
  collection,
  id,
  field,
});

const sideOf = (values: Fields | null, stamp: Stamp | null): ConflictSide => ({
  values,
  stamp: stamp && stampOf(stamp),
});

const stampOf = ({ seq, at, actor, clock }: Stamp): Stamp => ({ seq, at, actor, clock });
