/** Tells of lists that go while the app is open, by another hand than this page's. */
import { useEffect, useRef } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { toast } from '../ui/toasts.tsx';
import { bringBack } from './deleted-lists.tsx';

/** Lists that were deleted here: their own message tells of them. */
const deletedHere = new Set<string>();

export function noteDeleted(ids: readonly string[]): void {
  for (const id of ids) deletedHere.add(id);
}

export function useGoneLists(lists: readonly List[] | undefined): void {
  const before = useRef<readonly List[]>([]);
  useEffect(() => {
    if (!lists) return;
    const there = new Set(lists.map(({ id }) => id));
    for (const list of before.current) {
      // Once told, it may be brought back and go again.
      if (!there.has(list.id) && !deletedHere.delete(list.id)) void tell(list);
    }
    before.current = lists;
  }, [lists]);
}

async function tell(list: List): Promise<void> {
  // A list may also be gone with the whole database, or with what a server has lost.
  const [deleted] = await db.deleted('lists', [list.id]);
  if (!deleted) return;
  toast({
    text: `List “${list.title}” was deleted elsewhere.`,
    about: list.id,
    action: { label: 'Bring it back', run: () => void bringBack(list) },
    ms: 10_000,
  });
}
