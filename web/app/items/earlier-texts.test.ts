import { expect, it } from 'vitest';
import type { Conflict, ConflictSide } from '../../lib/index.ts';
import type { Item } from '../db.ts';
import { earlierTexts } from './earlier-texts.ts';

const item = { id: 'tent', title: 'Tarp', note: 'blue' } as unknown as Item;
const side = (values: ConflictSide['values'], mine: boolean, at: number): ConflictSide => ({
  values,
  changes: [],
  mine,
  at,
});
const decided = (winner: ConflictSide, loser: ConflictSide, open = false) =>
  ({ open, winner, loser }) as Conflict;

it('[AP18] both texts of a conflict that is decided are found, but for the one that is shown', () => {
  const conflicts = [
    decided(side({ title: 'Tarp' }, false, 2), side({ title: 'Big tent' }, true, 1)),
    decided(side({ note: 'red' }, true, 4), side({ note: 'blue' }, false, 3)),
    decided(side(null, true, 6), side({ title: 'Big tent', done: true }, true, 5)),
    decided(side({ title: 'Open' }, true, 7), side({ title: 'still' }, true, 7), true),
  ];
  expect(earlierTexts(conflicts, item)).toEqual([
    { field: 'title', text: 'Big tent', mine: true, at: 5 },
    { field: 'note', text: 'red', mine: true, at: 4 },
  ]);
});
