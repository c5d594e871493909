/** Registers: a put, field by field, each of which may win or lose alone. */
import type { Conflict } from './conflict.ts';
import { nameOf, sideOf } from './make-conflict.ts';
import { jsonEquals } from './json.ts';
import type { Put } from './mutation.ts';
import type { RecordState, Register } from './record.ts';
import { hadSeen } from './seen.ts';
import { stampOf, type Applied, type Write } from './write.ts';

export function setFields(
  before: RecordState,
  put: Put,
  write: Write,
): Applied & { state: RecordState } {
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

type Sides = readonly [winner: Register, loser: Register];

function editEdit(put: Put, field: string, [winner, loser]: Sides, write: Write): Conflict {
  return {
    ...nameOf(put, field, write),
    kind: 'edit-edit',
    open: put.manual.has(field),
    winner: sideOf(new Map([[field, winner.value]]), winner),
    loser: sideOf(new Map([[field, loser.value]]), loser),
  };
}
