/** Which items of a list stand in other lists too. */
import { useMemo } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { useLive } from '../ui/use-live.ts';
import { copiesOf, type Copies } from './copies.ts';

/** Reads keys alone, and again only when items come, go or change their list: not while one types. */
export function useCopies(listId: string, otherLists: readonly List[]): Copies {
  const keys = useLive(() => keysAround(listId), [listId]);
  return useMemo(() => {
    const known = new Set<string>(otherLists.map(({ id }) => id));
    return copiesOf(keys ?? [], listId, (list) => known.has(list));
  }, [keys, listId, otherLists.map(({ id }) => id).join()]);
}

/** From so many on, all keys there are come sooner than those of so many ids one by one. */
const MANY = 200;

/** Of all rows with an id that the list has, and perhaps of others. */
async function keysAround(listId: string) {
  const here = await db.items.where('space').equals(listId).primaryKeys();
  if (here.length > MANY) return db.items.orderBy('id').primaryKeys();
  return db.items
    .where('id')
    .anyOf(here.map(([, id]) => id))
    .primaryKeys();
}
