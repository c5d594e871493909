/** Edits of a record, and what makes one: whether it is there, whether its author knows that. */
import { applyChange } from './apply-change.ts';
import { lostChange } from './changes.ts';
import type { Conflict } from './conflict.ts';
import { nameOf, sideOf } from './make-conflict.ts';
import type { Edit, Fields, Put } from './mutation.ts';
import type { RecordState, Stamp } from './record.ts';
import { setFields } from './registers.ts';
import { hadSeen } from './seen.ts';
import { stampOf, type Applied, type Write } from './write.ts';

/** `new`: makes the record, joins a living one, or begins a new life on a tombstone its author knew. */
export function putNew(before: RecordState | undefined, put: Put, write: Write): Applied {
  const stamp = stampOf(write);
  if (!before || (before.grave && hadSeen(write, before.grave))) {
    const { collection, id } = put;
    return setFields({ collection, id, born: [stamp], fields: new Map() }, put, write);
  }
  const joined = { ...before, born: [...before.born, stamp] };
  return before.grave ? editUnderGrave(joined, put, write) : applyEdit(joined, put, write);
}

/** An edit of what is there; of what is not, it stays as a conflict: a purged record cannot half come back. */
export function edit(before: RecordState | undefined, wanted: Edit, write: Write): Applied {
  const isOfThisLife = before?.born.some((stamp) => hadSeen(write, stamp)) ?? false;
  if (!before || !isOfThisLife) {
    const grave = before?.grave ?? null;
    return { state: before, found: [editDelete(wanted, write, { grave, isKept: false })] };
  }
  return before.grave ? editUnderGrave(before, wanted, write) : applyEdit(before, wanted, write);
}

/** A concurrent edit of a deleted record loses to the deletion, but is kept for a restore. */
function editUnderGrave(before: RecordState, wanted: Edit, write: Write): Applied {
  const grave = before.grave ?? null;
  const isKept = grave !== null && !hadSeen(write, grave);
  const lost = editDelete(wanted, write, { grave, isKept });
  if (!isKept) return { state: before, found: [lost] };
  const under = applyEdit(before, wanted, write);
  return { state: under.state, found: [...under.found, lost] };
}

const applyEdit = (before: RecordState, wanted: Edit, write: Write): Applied =>
  wanted.kind === 'put'
    ? setFields(before, wanted, write)
    : { state: applyChange(before, wanted, write), found: [] };

interface Lost {
  readonly grave: Stamp | null;
  readonly isKept: boolean;
}

function editDelete(wanted: Edit, write: Write, { grave, isKept }: Lost): Conflict {
  const [values, changes] =
    wanted.kind === 'put'
      ? ([wanted.fields, []] as const)
      : ([NO_FIELDS, [lostChange(wanted, isKept)]] as const);
  return {
    ...nameOf(wanted, null, write),
    kind: 'edit-delete',
    open: true,
    winner: sideOf(null, grave),
    loser: sideOf(values, write, changes),
  };
}

const NO_FIELDS: Fields = new Map();
