/** Which items of a list stand in other lists too. */
import { useMemo } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { useLive } from '../ui/use-live.ts';
import { copiesOf, type Copies } from './copies.ts';

/** Reads keys alone, and again only when items come, go or change their list: not while one types. */
export function useCopies(listId: string, otherLists: readonly List[]): Copies {
  const keys = useLive(() => db.items.orderBy('id').primaryKeys(), []);
  return useMemo(() => {
    const known = new Set<string>(otherLists.map(({ id }) => id));
    return copiesOf(keys ?? [], listId, (list) => known.has(list));
  }, [keys, listId, otherLists.map(({ id }) => id).join()]);
}
