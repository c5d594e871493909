/** Lists that were deleted, here or elsewhere: with what is on them, also what was added since. */
import { db, type List } from '../db.ts';
import { navigate } from '../router.ts';
import { closeSheet } from '../sheets.ts';
import { announce } from '../ui/announcer.tsx';
import { attempt } from '../ui/attempt.ts';
import { Sheet } from '../ui/dialog.tsx';
import { useLive } from '../ui/use-live.ts';
import { useCounts } from './use-lists.ts';

export function DeletedListsSheet() {
  const lists = useDeletedLists();
  return (
    <Sheet title="Deleted lists" onClose={closeSheet}>
      {lists === undefined ? (
        <p>Reading…</p>
      ) : lists.length === 0 ? (
        <p role="status">No deleted list is on this device.</p>
      ) : (
        <ul class="entries">
          {lists.map((list) => (
            <DeletedList key={list.id} list={list} />
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function DeletedList({ list }: { list: List }) {
  const counts = useCounts(list.id);
  return (
    <li class="entry version" data-testid="deleted-list">
      <strong class="version-text">{list.title || 'Untitled'}</strong>
      <span class="entry-note">
        {counts && (counts.total === 1 ? '1 item' : `${counts.total} items`)}
      </span>
      <button
        type="button"
        class="button"
        aria-label={`Bring back ${list.title}`}
        onClick={() => void bringBack(list)}
      >
        Bring back
      </button>
    </li>
  );
}

export const useDeletedLists = (): readonly List[] | undefined =>
  useLive(() => db.deleted('lists'), []);

/** Back as it was, and opened. */
export async function bringBack(list: List): Promise<void> {
  if (!(await attempt(db.lists.restore(list), 'Not brought back'))) return;
  announce(`List ${list.title} is back`);
  closeSheet();
  navigate({ name: 'list', id: list.id });
}
