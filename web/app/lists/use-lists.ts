/** The lists of this account, in order, and how full each one is. */
import { db, type List } from '../db.ts';
import { inOrder } from '../order.ts';
import { useLive, useLiveRows } from '../ui/use-live.ts';

/** Undefined while they are being read for the first time. */
export function useLists(): readonly List[] | undefined {
  return useLiveRows(async () => (await db.lists.toArray()).sort(inOrder), []);
}

export interface Counts {
  readonly open: number;
  readonly total: number;
}

/** Runs again only when an item of this very list changes. */
export function useCounts(listId: string): Counts | undefined {
  return useLive(async () => {
    const items = await db.items.where('space').equals(listId).toArray();
    return { open: items.filter(({ done }) => !done).length, total: items.length };
  }, [listId]);
}

export const countsInWords = ({ open, total }: Counts): string => {
  if (total === 0) return 'Nothing on it yet';
  if (open === 0) return total === 1 ? 'Done' : `All ${total} done`;
  return `${open} open of ${total}`;
};
