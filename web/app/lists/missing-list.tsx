/** In the place of a list that is not here: deleted, as far as is known, and then to bring back. */
import { db } from '../db.ts';
import { Coming } from '../status/coming.tsx';
import { Link } from '../ui/link.tsx';
import { useLive } from '../ui/use-live.ts';
import { bringBack } from './deleted-lists.tsx';

export function MissingList({ id, isFilling }: { id: string; isFilling: boolean }) {
  const deleted = useLive(() => db.deleted('lists', [id]), [id])?.[0];
  return (
    <div class="empty-pane" data-testid="missing-list">
      {deleted ? (
        <p>{`“${deleted.title}” was deleted.`}</p>
      ) : isFilling ? (
        <Coming what="list" />
      ) : (
        <p>This list is not on this device. It may have been deleted.</p>
      )}
      <div class="buttons">
        {deleted && (
          <button type="button" class="button is-primary" onClick={() => void bringBack(deleted)}>
            Bring it back
          </button>
        )}
        <Link to={{ name: 'lists' }} class="button">
          All lists
        </Link>
      </div>
    </div>
  );
}
