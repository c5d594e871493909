/** Which items of a list stand in other lists too. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { readUnhurried } from '../ui/unhurried.ts';
import { reportReadFailure } from '../ui/use-live.ts';
import { anyItem, keysAround } from './copies-keys.ts';
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
  const count = useRef(ids.length);
  count.current = ids.length;
  useEffect(() => {
    setKeys([]);
    if (!isWhole) return undefined;
    return readUnhurried({
      changes: db.live(() => anyItem(db.items)),
      read: () => keysAround(db.items, listId, count.current),
      next: setKeys,
      error: reportReadFailure,
    });
  }, [listId, isWhole]);
  return useMemo(() => {
    const known = new Set<string>(otherLists.map(({ id }) => id));
    return copiesOf(keys, { list: listId, ids }, (list) => known.has(list));
  }, [keys, listId, ids, otherLists.map(({ id }) => id).join()]);
}
