/** The choices as the sheet shows them: list by list, with what the records are called and have now. */
import type { Conflict } from '../../lib/index.ts';
import { db, type Item, type List } from '../db.ts';
import { inOrder } from '../order.ts';
import { choicesOf, type Choice, type RecordNow } from './choices.ts';

export interface AskedChoice {
  readonly choice: Choice;
  /** What its record is called, as far as anybody knows. */
  readonly title: string;
  /** Whether the record is there now. */
  readonly isThere: boolean;
  /** The same item, alive in another list. */
  readonly elsewhere: { readonly item: Item; readonly list: List } | null;
}

/** The choices of one list; those about the lists themselves come first, without one. */
export interface ChoicesOfList {
  readonly list: List | null;
  readonly asked: readonly AskedChoice[];
}

export async function readChoices(): Promise<readonly ChoicesOfList[]> {
  const conflicts = await db.conflicts.open();
  if (conflicts.length === 0) return [];
  const ids = [...new Set(conflicts.map(({ id }) => id))];
  const [lists, items, deleted] = await Promise.all([
    db.lists.toArray(),
    db.items.where('id').anyOf(ids).toArray(),
    Promise.all([db.deleted('lists', ids), db.deleted('items', ids)]),
  ]);
  const there = new Map<string, object>();
  for (const row of lists) there.set(placeOf('lists', row), row);
  for (const row of items) there.set(placeOf('items', row), row);
  const gone = new Map<string, object>();
  for (const row of deleted[0]) gone.set(placeOf('lists', row), row);
  for (const row of deleted[1]) gone.set(placeOf('items', row), row);

  const recordNow: RecordNow = (conflict) =>
    there.get(placeOf(conflict.collection, conflict)) as ReturnType<RecordNow>;
  const titleOf = ({ collection, space, id, conflicts: [first] }: Choice): string => {
    const place = placeOf(collection, { space, id });
    return (
      titleIn(there.get(place)) ??
      titleIn(gone.get(place)) ??
      titleInSides(first) ??
      'no longer here'
    );
  };
  const elsewhereOf = ({ collection, id, space }: Choice): AskedChoice['elsewhere'] => {
    if (collection !== 'items') return null;
    for (const item of items) {
      const list = lists.find((one) => one.id === item.space);
      if (list && item.id === id && item.space !== space) return { item, list };
    }
    return null;
  };
  const asked = choicesOf(conflicts, recordNow).map((choice) => ({
    choice,
    title: titleOf(choice),
    isThere: there.has(placeOf(choice.collection, choice)),
    elsewhere: elsewhereOf(choice),
  }));
  return byList(asked, lists.toSorted(inOrder));
}

function byList(asked: readonly AskedChoice[], lists: readonly List[]): ChoicesOfList[] {
  const isKnown = new Set<string>(lists.map(({ id }) => id));
  const ofNone = asked.filter(({ choice }) => !isKnown.has(choice.space));
  const groups = lists.map((list) => ({
    list,
    asked: asked.filter(({ choice }) => choice.space === list.id),
  }));
  return [{ list: null, asked: ofNone }, ...groups].filter((group) => group.asked.length > 0);
}

const placeOf = (collection: string, { space, id }: Pick<Conflict, 'space' | 'id'>): string =>
  `${collection} ${space} ${id}`;

function titleIn(row: object | null | undefined): string | undefined {
  const title = row && 'title' in row ? row.title : undefined;
  return typeof title === 'string' && title !== '' ? title : undefined;
}

const titleInSides = (conflict: Conflict | undefined): string | undefined =>
  titleIn(conflict?.loser.values) ?? titleIn(conflict?.winner.values);
