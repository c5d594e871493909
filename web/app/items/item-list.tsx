/** The rows of a list: dragging, keys, menus, and where the focus goes. */
import type { TargetedFocusEvent } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Item, List } from '../db.ts';
import { announce } from '../ui/announcer.tsx';
import { useSortable } from '../ui/sortable.ts';
import { deleteItem, indentItems, placeItems } from './item-actions.ts';
import { commandOf, type Command } from './item-keys.ts';
import { openItemMenu } from './item-menu.ts';
import { ItemRow, type RowActions } from './item-row.tsx';
import { blockEnd, stepDown, stepUp } from './outline.ts';
import type { ShownItems } from './use-items.ts';

interface ItemListProps {
  readonly list: List;
  readonly shown: ShownItems;
  readonly otherLists: readonly List[];
  /** Where the focus goes when no item is left. */
  readonly focusElsewhere: () => void;
}

export function ItemList(props: ItemListProps) {
  const { shown, list } = props;
  const items = shown.items ?? [];
  const [currentId, setCurrent] = useState<string | null>(null);
  const [editingId, setEditing] = useState<string | null>(null);
  const { focusLater, rows } = useFocus();
  const sortable = useSortable<HTMLUListElement>({ onMoved: (from, to) => onDragged(from, to) });

  const latest = useRef({ items, props });
  latest.current = { items, props };
  const indexOf = (id: string) => latest.current.items.findIndex((item) => item.id === id);

  const moveBlock = (from: number, before: number) => {
    const { items: all } = latest.current;
    const end = blockEnd(shown.depths, from);
    const block = all.slice(from, end);
    const others = [...all.slice(0, from), ...all.slice(end)];
    const at = before > from ? before - block.length : before;
    const { orders, write } = placeItems(others, at, block);
    shown.showPlaces(new Map([...orders].map(([id, order]) => [id, { order }])), write);
    announce(`${block[0]?.title ?? ''}: place ${at + 1} of ${all.length}`);
  };
  const onDragged = (from: number, to: number) => {
    const before = to > from ? to + 1 : to;
    if (before > from && before <= blockEnd(shown.depths, from)) return;
    moveBlock(from, before);
  };
  const indent = (index: number, by: 1 | -1) => {
    const block = items
      .slice(index, blockEnd(shown.depths, index))
      .map((item, i) => ({ item, depth: shown.depths[index + i] ?? 0 }));
    const first = block[0]?.depth ?? 0;
    const isPossible = by === -1 ? first > 0 : index > 0 && first <= (shown.depths[index - 1] ?? 0);
    if (!isPossible) return;
    const { depths, write } = indentItems(block, by);
    shown.showPlaces(new Map([...depths].map(([id, depth]) => [id, { depth }])), write);
    announce(by === 1 ? 'Indented' : 'Moved out');
  };
  const remove = (index: number) => {
    const neighbour = items[index + 1] ?? items[index - 1];
    if (neighbour) focusLater(neighbour.id, 'text');
    else props.focusElsewhere();
    const item = items[index];
    if (item) void deleteItem(item);
  };

  const run = (command: Command, id: string, part: string): void => {
    const index = indexOf(id);
    if (index === -1) return;
    switch (command) {
      case 'edit':
        return setEditing(id);
      case 'delete':
        return remove(index);
      case 'indent':
      case 'outdent':
        focusLater(id, part);
        return indent(index, command === 'indent' ? 1 : -1);
      case 'move-up':
      case 'move-down': {
        const step = command === 'move-up' ? stepUp : stepDown;
        const before = step(shown.depths, index);
        focusLater(id, part);
        if (before !== null) moveBlock(index, before);
        return;
      }
      case 'previous':
      case 'next':
      case 'first':
      case 'last': {
        const to = { previous: index - 1, next: index + 1, first: 0, last: items.length - 1 };
        const neighbour = items[to[command]];
        if (neighbour) focusLater(neighbour.id, part);
      }
    }
  };
  const latestRun = useRef(run);
  latestRun.current = run;
  const actions = useMemo<RowActions>(
    () => ({
      edit: setEditing,
      closeEditor(id, takeFocusBack) {
        setEditing((now) => (now === id ? null : now));
        if (takeFocusBack) focusLater(id, 'text');
      },
      openMenu(id, anchor) {
        const item = latest.current.items[indexOf(id)];
        const { otherLists } = latest.current.props;
        if (item)
          openItemMenu({
            item,
            anchor,
            otherLists,
            run: (command) => latestRun.current(command, id, 'menu'),
          });
      },
    }),
    [list.id],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest<HTMLElement>('.item')?.dataset['id'];
    const part = target?.closest<HTMLElement>('[data-part]')?.dataset['part'];
    if (id === undefined || part === undefined) return;
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    run(command, id, part);
  };
  const onFocusIn = (event: TargetedFocusEvent<HTMLElement>) => {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest<HTMLElement>('.item')?.dataset['id'];
    if (id !== undefined) setCurrent(id);
  };
  const tabId = items.some(({ id }) => id === currentId) ? currentId : items[0]?.id;
  return (
    <ul
      ref={(element) => {
        sortable.current = element;
        rows.current = element;
      }}
      class="items"
      aria-label={`Items of ${list.title}`}
      onKeyDown={onKeyDown}
      onFocusIn={onFocusIn}
    >
      {items.map((item: Item, i) => (
        <ItemRow
          key={item.id}
          item={item}
          depth={shown.depths[i] ?? 0}
          isCurrent={item.id === tabId}
          isEditing={item.id === editingId}
          actions={actions}
        />
      ))}
    </ul>
  );
}

/** The focus follows its row: elements that move lose it, and some do not exist until the next render. */
function useFocus() {
  const rows = useRef<HTMLUListElement | null>(null);
  const wanted = useRef<{ id: string; part: string } | null>(null);
  const [, render] = useState({});
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const { id, part } = wanted.current;
    const row = rows.current?.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const element =
      row?.querySelector<HTMLElement>(`[data-part=${part}]`) ??
      row?.querySelector<HTMLElement>('[data-part=text]');
    wanted.current = null;
    element?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  });
  return {
    rows,
    focusLater(id: string, part: string) {
      wanted.current = { id, part };
      render({});
    },
  };
}
