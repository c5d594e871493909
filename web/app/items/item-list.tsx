/** The rows of a list, their keys, and where the focus goes. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Item, List } from '../db.ts';
import { placeBefore, useSortable } from '../ui/sortable.ts';
import { partOf, useRowFocus } from '../ui/row-focus.ts';
import { useRowsInView } from '../ui/use-rows-in-view.ts';
import { titlesInWords } from './copies.ts';
import { openCopiesMenu } from './copy-actions.ts';
import { itemWentAway } from './item-edits.ts';
import { commandOf } from './item-keys.ts';
import { openItemMenu } from './item-menu.ts';
import { ItemRow, type RowActions } from './item-row.tsx';
import { useCopies } from './use-copies.ts';
import { useDisputes } from './use-disputes.ts';
import type { ShownItems } from './use-items.ts';
import { useRowCommands } from './use-row-commands.ts';

interface ItemListProps {
  readonly list: List;
  readonly shown: ShownItems;
  readonly otherLists: readonly List[];
  /** Where the focus goes when no item is left. */
  readonly focusElsewhere: () => void;
}

export function ItemList({ list, shown, otherLists, focusElsewhere }: ItemListProps) {
  const items = shown.items ?? [];
  const [currentId, setCurrent] = useState<string | null>(null);
  const [editingId, setEditing] = useState<string | null>(null);
  const lastEdited = useRef<Item>(undefined);
  const rows = useRef<HTMLUListElement>(null);
  const { focusLater, wanted } = useRowFocus(rows);
  const commands = useRowCommands(shown, { edit: setEditing, focusLater, focusElsewhere });
  const ids = useMemo(() => items.map(({ id }) => id), [shown.items]);
  const currentIndex = Math.max(0, currentId === null ? 0 : ids.indexOf(currentId));
  const { parts, isLong, hold } = useRowsInView({
    element: rows,
    ids,
    // Whoever looks for these finds them: the Tab key, who adds at the end, the editor, the focus.
    always: [
      currentIndex,
      ids.length - 1,
      ...[editingId, wanted.current?.id].flatMap((id) => (id ? [ids.indexOf(id)] : [])),
    ],
  });
  useSortable(rows, {
    onMoved: (dragged) => commands.drag(ids.indexOf(dragged.id), placeBefore(dragged, ids)),
    onHeld: hold,
  });
  const disputes = useDisputes(list.id);
  const copies = useCopies({ listId: list.id, ids, isWhole: shown.isWhole, otherLists });
  const copiesOf = (id: string) => otherLists.filter((other) => copies.get(id)?.includes(other.id));

  useEffect(() => {
    const editing = items.find(({ id }) => id === editingId);
    if (editing) lastEdited.current = editing;
    else if (editingId !== null && shown.items) {
      setEditing(null);
      if (lastEdited.current?.id === editingId) void itemWentAway(lastEdited.current);
    }
  }, [items, editingId]);

  const latest = useRef({ list, items, otherLists, commands, copiesOf });
  latest.current = { list, items, otherLists, commands, copiesOf };
  const actions = useMemo<RowActions>(
    () => ({
      edit: setEditing,
      closeEditor(id, takeFocusBack) {
        setEditing((now) => (now === id ? null : now));
        if (takeFocusBack) focusLater(id, 'text');
      },
      openMenu(id, anchor) {
        const indexNow = () => latest.current.items.findIndex((item) => item.id === id);
        const item = latest.current.items[indexNow()];
        if (!item) return;
        openItemMenu({
          item,
          anchor,
          otherLists: latest.current.otherLists,
          isPossible: (command) => latest.current.commands.isPossible(command, indexNow()),
          run: (command) => latest.current.commands.run(command, indexNow(), 'menu'),
        });
      },
      openCopies(id, anchor) {
        const { items: all, list: here } = latest.current;
        const at = all.findIndex((item) => item.id === id);
        const item = all[at];
        if (!item) return;
        const focusNext = () => focusLater(all[at + 1]?.id ?? all[at - 1]?.id ?? '', 'text');
        openCopiesMenu({
          item,
          list: here,
          elsewhere: latest.current.copiesOf(id),
          anchor,
          focusNext,
        });
      },
    }),
    [],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const at = partOf(event.target);
    const command = at && commandOf(event);
    if (!command) return;
    event.preventDefault();
    commands.run(
      command,
      items.findIndex(({ id }) => id === at.id),
      at.part,
    );
  };
  const rowAt = (index: number) => {
    const item = items[index];
    return (
      item && (
        <ItemRow
          key={item.id}
          item={item}
          depth={shown.depths[index] ?? 0}
          placeAt={isLong ? index + 1 : undefined}
          placeOf={isLong ? items.length : undefined}
          isCurrent={index === currentIndex}
          isEditing={item.id === editingId}
          disputed={disputes.get(item.id) ?? ''}
          copiesIn={titlesInWords(copiesOf(item.id).map(({ title }) => title))}
          actions={actions}
        />
      )
    );
  };
  return (
    <ul
      ref={rows}
      class={isLong ? 'items is-long' : 'items'}
      aria-label={`Items of ${list.title}`}
      // What is done to a row, its neighbours have a part in: it takes until all are there.
      inert={!shown.isWhole}
      onKeyDown={onKeyDown}
      onFocusIn={(event) => setCurrent(partOf(event.target)?.id ?? currentId)}
    >
      {parts.map((part) =>
        part.kind === 'row' ? (
          rowAt(part.index)
        ) : (
          <li
            key={`gap-${part.from}`}
            class="items-gap"
            role="presentation"
            style={{ blockSize: `${part.height}px` }}
          />
        ),
      )}
    </ul>
  );
}
