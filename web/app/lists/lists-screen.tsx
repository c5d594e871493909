/** All lists: the first page on a phone, the side of the screen on a desktop. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { List } from '../db.ts';
import { commandOf, type Command } from '../items/item-keys.ts';
import { useStartFault } from '../start/start.ts';
import { Coming } from '../status/coming.tsx';
import { announce } from '../ui/announcer.tsx';
import { partOf, useRowFocus } from '../ui/row-focus.ts';
import { placeBefore, useSortable } from '../ui/sortable.ts';
import { usePlaces } from '../ui/use-places.ts';
import { AddList } from './add-list.tsx';
import { FirstRun } from './first-run.tsx';
import { deleteList, placeList } from './list-actions.ts';
import { ListRow, type ListRowActions } from './list-row.tsx';

interface ListsScreenProps {
  /** Undefined while they are being read. */
  readonly known: readonly List[] | undefined;
  readonly openId: string | null;
  /** Those that are still being fetched. */
  readonly coming: readonly string[] | undefined;
  readonly welcome: 'none' | 'filling' | 'first-run';
}

export function ListsScreen({ known, openId, coming, welcome }: ListsScreenProps) {
  const { rows: lists = [], showPlaces } = usePlaces(known);
  const fault = useStartFault();
  const [renamingId, setRenaming] = useState<string | null>(null);
  const element = useRef<HTMLUListElement>(null);
  const { focusLater } = useRowFocus(element);

  const move = (from: number, to: number) => {
    const moved = lists[from];
    if (!moved || to < 0 || to >= lists.length) return;
    const { orders, write } = placeList(
      lists.filter((list) => list !== moved),
      to,
      moved,
    );
    showPlaces(new Map([...orders].map(([id, order]) => [id, { order }])), write);
    announce(`${moved.title}: place ${to + 1} of ${lists.length}`);
  };
  useSortable(element, {
    onMoved(dragged) {
      const ids = lists.map(({ id }) => id);
      const from = ids.indexOf(dragged.id);
      const before = placeBefore(dragged, ids) ?? from;
      move(from, before > from ? before - 1 : before);
    },
  });

  /** False for keys that mean nothing here. */
  const run = (command: Command, index: number, part: string): boolean => {
    const list = lists[index];
    const focus = (to: number) => focusLater(lists[to]?.id ?? '', part);
    switch (command) {
      case 'move-up':
      case 'move-down':
        move(index, index + (command === 'move-up' ? -1 : 1));
        focus(index);
        return true;
      case 'previous':
      case 'next':
        focus(index + (command === 'previous' ? -1 : 1));
        return true;
      case 'first':
      case 'last':
        focus(command === 'first' ? 0 : lists.length - 1);
        return true;
      case 'edit':
        setRenaming(list?.id ?? null);
        return true;
      case 'delete':
        focus(index + 1 < lists.length ? index + 1 : index - 1);
        if (list) void deleteList(list);
        return true;
      case 'indent':
      case 'outdent':
        return false;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = partOf(event.target);
    const command = at && commandOf(event);
    if (!command) return;
    const index = lists.findIndex(({ id }) => id === at.id);
    if (run(command, index, at.part)) event.preventDefault();
  };

  const latest = useRef({ lists, run });
  latest.current = { lists, run };
  const actions = useMemo<ListRowActions>(
    () => ({
      renameDone(id, takeFocusBack) {
        setRenaming((now) => (now === id ? null : now));
        if (takeFocusBack) focusLater(id, 'text');
      },
      run(command, id) {
        const index = latest.current.lists.findIndex((list) => list.id === id);
        latest.current.run(command, index, 'menu');
      },
    }),
    [],
  );
  return (
    <div class="lists-screen">
      <h2 class="pane-title" id="lists-title">
        Lists
      </h2>
      <ul ref={element} class="list-rows" aria-labelledby="lists-title" onKeyDown={onKeyDown}>
        {lists.map((list) => (
          <ListRow
            key={list.id}
            list={list}
            isOpen={list.id === openId}
            isRenaming={list.id === renamingId}
            isComing={coming?.includes(list.id) ?? false}
            actions={actions}
          />
        ))}
      </ul>
      {welcome === 'filling' && <Coming what="lists" class="empty-note" />}
      {welcome === 'first-run' && <FirstRun />}
      {known && !fault && <AddList lists={lists} />}
    </div>
  );
}
