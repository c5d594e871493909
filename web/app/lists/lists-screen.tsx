/** All lists: the first page on a phone, the side of the screen on a desktop. */
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { List } from '../db.ts';
import { commandOf } from '../items/item-keys.ts';
import { navigate } from '../router.ts';
import { announce } from '../ui/announcer.tsx';
import { PlusIcon } from '../ui/icons.tsx';
import { useKeptText } from '../ui/kept-text.ts';
import { useSortable } from '../ui/sortable.ts';
import { FirstRun } from './first-run.tsx';
import { addList, deleteList, placeList } from './list-actions.ts';
import { ListRow, type ListRowActions } from './list-row.tsx';
import { usePlaces } from '../ui/use-places.ts';

interface ListsScreenProps {
  /** Undefined while they are being read. */
  readonly lists: readonly List[] | undefined;
  readonly openId: string | null;
  /** The device is being filled: no lists yet does not mean that there are none. */
  readonly isFilling: boolean;
}

export function ListsScreen({ lists: known, openId, isFilling }: ListsScreenProps) {
  const { rows: lists, showPlaces } = usePlaces(known);
  const [renamingId, setRenaming] = useState<string | null>(null);
  const element = useSortable<HTMLUListElement>({ onMoved: (from, to) => move(from, to, null) });
  const focusAfter = useRef<{ id: string; part: string } | null>(null);
  useLayoutEffect(() => {
    const { id, part } = focusAfter.current ?? {};
    focusAfter.current = null;
    if (id === undefined) return;
    element.current
      ?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] [data-part=${part}]`)
      ?.focus();
  });

  const move = (from: number, to: number, part: string | null) => {
    const moved = lists?.[from];
    if (!lists || !moved || to < 0 || to >= lists.length) return;
    if (part !== null) focusAfter.current = { id: moved.id, part };
    const others = lists.filter((list) => list !== moved);
    const { orders, write } = placeList(others, to, moved);
    showPlaces(new Map([...orders].map(([id, order]) => [id, { order }])), write);
    announce(`${moved.title}: place ${to + 1} of ${lists.length}`);
  };
  const latest = useRef({ lists, move });
  latest.current = { lists, move };
  const actions = useMemo<ListRowActions>(
    () => ({
      rename: setRenaming,
      step(id, by) {
        const from = latest.current.lists?.findIndex((list) => list.id === id) ?? -1;
        latest.current.move(from, from + by, 'menu');
      },
    }),
    [],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest<HTMLElement>('.list-row')?.dataset['id'];
    const part = target?.closest<HTMLElement>('[data-part]')?.dataset['part'];
    const index = lists?.findIndex((list) => list.id === id) ?? -1;
    const list = lists?.[index];
    if (!list || part === undefined) return;
    const focus = (to: number) => {
      const other = lists?.[to];
      if (!other) return;
      element.current
        ?.querySelector<HTMLElement>(`[data-id="${CSS.escape(other.id)}"] [data-part=${part}]`)
        ?.focus();
    };
    const commands: Partial<Record<ReturnType<typeof commandOf> & string, () => void>> = {
      'move-up': () => move(index, index - 1, part),
      'move-down': () => move(index, index + 1, part),
      previous: () => focus(index - 1),
      next: () => focus(index + 1),
      first: () => focus(0),
      last: () => focus((lists?.length ?? 0) - 1),
      edit: () => setRenaming(list.id),
      delete: () => {
        focus(index + 1 < (lists?.length ?? 0) ? index + 1 : index - 1);
        void deleteList(list);
      },
    };
    const command = commands[commandOf(event) ?? 'indent'];
    if (!command) return;
    event.preventDefault();
    command();
  };
  return (
    <div class="lists-screen">
      <h2 class="pane-title" id="lists-title">
        Lists
      </h2>
      <ul ref={element} class="list-rows" aria-labelledby="lists-title" onKeyDown={onKeyDown}>
        {lists?.map((list) => (
          <ListRow
            key={list.id}
            list={list}
            isOpen={list.id === openId}
            isRenaming={list.id === renamingId}
            actions={actions}
          />
        ))}
      </ul>
      {lists?.length === 0 &&
        (isFilling ? <p class="empty-note">Fetching your lists…</p> : <FirstRun />)}
      {lists && <AddList lists={lists} />}
    </div>
  );
}

function AddList({ lists }: { lists: readonly List[] }) {
  const [title, setTitle] = useKeptText('new-list');
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = title.trim();
    if (wanted === '') return;
    setTitle('');
    const id = await addList(lists, wanted);
    if (id === null) setTitle(wanted);
    else navigate({ name: 'list', id });
  };
  return (
    <form class="add-form" onSubmit={(event) => void submit(event)}>
      <input
        class="add-input"
        aria-label="New list"
        placeholder="New list"
        autocomplete="off"
        enterkeyhint="done"
        maxLength={1000}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <button class="icon-button add-button" aria-label="Add list">
        <PlusIcon />
      </button>
    </form>
  );
}
