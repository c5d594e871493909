/** One list among the lists: its name, how full it is, its menu. */
import { navigate } from '../router.ts';
import { openSheet } from '../sheets.ts';
import { TitleField } from '../ui/inline-title.tsx';
import { Link } from '../ui/link.tsx';
import { memo } from '../ui/memo.ts';
import { openMenu } from '../ui/menu.tsx';
import type { Command } from '../items/item-keys.ts';
import type { List } from '../db.ts';
import { renameList } from './list-actions.ts';
import { countsInWords, useCounts } from './use-lists.ts';

/** The same object for as long as the lists are shown. */
export interface ListRowActions {
  /** The focus goes back to the row unless it went elsewhere already. */
  renameDone(id: string, takeFocusBack: boolean): void;
  run(command: Command, id: string): void;
}

interface ListRowProps {
  readonly list: List;
  readonly isOpen: boolean;
  readonly isRenaming: boolean;
  /** It is being fetched: what is here is not all. */
  readonly isComing: boolean;
  readonly actions: ListRowActions;
}

export const ListRow = memo(function ListRow({
  list,
  isOpen,
  isRenaming,
  isComing,
  actions,
}: ListRowProps) {
  const counts = useCounts(list.id);
  const words = isComing ? 'Still being fetched' : counts && countsInWords(counts);
  const onMenu = (anchor: Element) =>
    openMenu(anchor, list.title, [
      { label: 'Open', run: () => navigate({ name: 'list', id: list.id }) },
      { label: 'Rename', keys: 'F2', run: () => actions.run('edit', list.id) },
      { label: 'Move up', keys: 'Alt ↑', run: () => actions.run('move-up', list.id) },
      { label: 'Move down', keys: 'Alt ↓', run: () => actions.run('move-down', list.id) },
      { label: 'Export…', run: () => openSheet({ name: 'export', listId: list.id }) },
      {
        label: 'Delete',
        keys: 'Delete',
        isDangerous: true,
        run: () => actions.run('delete', list.id),
      },
    ]);
  return (
    <li class={isOpen ? 'list-row is-open' : 'list-row'} data-id={list.id} data-testid="list">
      <button
        type="button"
        class="handle"
        data-part="handle"
        aria-label={`Move list ${list.title}`}
        aria-describedby="move-hint"
      />
      {isRenaming ? (
        <TitleField
          value={list.title}
          save={(text) => renameList(list, text)}
          close={(takeFocusBack) => actions.renameDone(list.id, takeFocusBack)}
        />
      ) : (
        <Link to={{ name: 'list', id: list.id }} class="list-link" part="text" isCurrent={isOpen}>
          <span class="list-name">{list.title || 'Untitled'}</span>
          {counts && (
            <span
              class={counts.open === 0 && !isComing ? 'count is-done' : 'count'}
              aria-label={words}
              title={words}
            >
              {isComing ? '…' : counts.total === 0 ? '–' : `${counts.open}/${counts.total}`}
            </span>
          )}
        </Link>
      )}
      <button
        type="button"
        class="icon-button more"
        data-part="menu"
        aria-haspopup="menu"
        aria-label={`Actions for list ${list.title}`}
        onClick={(event) => onMenu(event.currentTarget)}
      />
    </li>
  );
});
