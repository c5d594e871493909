/** The lists of this account, in order, and how full each one is. */
import { useMemo } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { inOrder } from '../order.ts';
import { useFollowed, useLive, useSameRows } from '../ui/use-live.ts';

/** Undefined while they are being read for the first time. */
export function useLists(): readonly List[] | undefined {
  return useSameRows(useLive(async () => (await db.lists.toArray()).sort(inOrder), []));
}

export interface Counts {
  readonly open: number;
  readonly total: number;
}

/** Of its items; they are read once, also where its items are shown beside. */
export function useCounts(listId: string): Counts | undefined {
  const items = useFollowed(() => db.items.live(listId), [listId]);
  return useMemo(
    () => items && { open: items.filter(({ done }) => !done).length, total: items.length },
    [items],
  );
}

export const countsInWords = ({ open, total }: Counts): string => {
  if (total === 0) return 'Nothing on it yet';
  if (open === 0) return total === 1 ? 'Done' : `All ${total} done`;
  return `${open} open of ${total}`;
};
