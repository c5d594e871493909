/** Which items of a list stand in other lists too. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { readUnhurried } from '../ui/unhurried.ts';
import { reportReadFailure } from '../ui/use-live.ts';
import { copiesOf, type Copies, type Key } from './copies.ts';

export interface CopiesAsked {
  readonly listId: string;
  /** Of its items. */
  readonly ids: readonly string[];
  /** Whether these are all. */
  readonly isWhole: boolean;
  readonly otherLists: readonly List[];
}

/**
 * Known a moment after the items are, and a moment after any of them changes: a live query for it, of as
 * many keys as there are items, took most of the time of an edit in a list of thousands.
 */
export function useCopies({ listId, ids, isWhole, otherLists }: CopiesAsked): Copies {
  const [keys, setKeys] = useState<readonly Key[]>([]);
  const idsNow = useRef(ids);
  idsNow.current = ids;
  useEffect(() => {
    setKeys([]);
    if (!isWhole) return undefined;
    return readUnhurried({
      changes: db.live(anyItem),
      read: () => keysElsewhere(listId, idsNow.current),
      next: setKeys,
      error: reportReadFailure,
    });
  }, [listId, isWhole]);
  return useMemo(() => {
    const known = new Set<string>(otherLists.map(({ id }) => id));
    return copiesOf(keys, { list: listId, ids }, (list) => known.has(list));
  }, [keys, listId, ids, otherLists.map(({ id }) => id).join()]);
}

/** Little to read, and told of each change of any item: which part of the range was read counts for nothing. */
const anyItem = () => db.items.orderBy('id').limit(1).primaryKeys();

/** From so many on, the keys of all other lists come sooner than those of so many ids one by one. */
const MANY = 200;

/** Of the rows in other lists that have one of these ids, and perhaps of others. */
async function keysElsewhere(listId: string, ids: readonly string[]): Promise<readonly Key[]> {
  if (ids.length <= MANY) return db.items.where('id').anyOf(ids).primaryKeys();
  const [before, after] = await Promise.all([
    db.items.where('space').below(listId).primaryKeys(),
    db.items.where('space').above(listId).primaryKeys(),
  ]);
  return [...before, ...after];
}
