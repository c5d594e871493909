/** An open list: its title, its items, the line that adds more. */
import { useEffect, useRef } from 'preact/hooks';
import { db, type List } from '../db.ts';
import { deleteList, renameList } from '../lists/list-actions.ts';
import { countsInWords } from '../lists/use-lists.ts';
import { amountFetched } from '../status/amounts.ts';
import { inOrder, type Placed } from '../order.ts';
import { openSheet } from '../sheets.ts';
import { InlineTitle } from '../ui/inline-title.tsx';
import { openMenu } from '../ui/menu.tsx';
import { useObserved } from '../ui/store.ts';
import { AddItem } from './add-item.tsx';
import { addItems, clearChecked, uncheckAll, type NewItem } from './item-actions.ts';
import { ItemList } from './item-list.tsx';
import { useItems, type ShownItems } from './use-items.ts';

interface ListScreenProps {
  readonly list: List;
  readonly otherLists: readonly List[];
}

export function ListScreen({ list, otherLists }: ListScreenProps) {
  const shown = useItems(list.id);
  const input = useRef<HTMLInputElement>(null);
  const title = useRef<{ edit(): void }>(null);
  const items = shown.items ?? [];
  const add = useAdd(list.id, shown);
  const open = items.filter(({ done }) => !done).length;
  const hasDone = shown.isWhole && open < items.length;
  const isEmpty = shown.items?.length === 0;
  const { phase, filling } = useObserved(db.status);
  const isComing = filling?.spaces.includes(list.id) ?? false;
  const isFilling = isComing || phase === 'bootstrapping';

  useEffect(() => {
    document.title = `${list.title} · Offing Lists`;
  }, [list.title]);

  // There is one thing to do with an empty list.
  useEffect(() => {
    if (isEmpty && !isFilling) input.current?.focus();
  }, [shown.items === undefined]);

  const onMenu = (anchor: Element) =>
    openMenu(anchor, list.title, [
      { label: 'Rename', run: () => title.current?.edit() },
      { label: 'Uncheck all', isDisabled: !hasDone, run: () => void uncheckAll(items) },
      { label: 'Clear checked', isDisabled: !hasDone, run: () => void clearChecked(items) },
      { label: 'Export this list…', run: () => openSheet({ name: 'export', listId: list.id }) },
      { label: 'Delete list', isDangerous: true, run: () => void deleteList(list) },
    ]);
  return (
    <article class="list-screen" aria-label={list.title} tabIndex={-1}>
      <header class="list-header">
        <InlineTitle handle={title} value={list.title} save={(text) => renameList(list, text)} />
        <button
          type="button"
          class="icon-button more"
          aria-haspopup="menu"
          aria-label={`Actions for list ${list.title}`}
          onClick={(event) => onMenu(event.currentTarget)}
        />
        {filling && isComing && !isEmpty && (
          <p class="list-counts" data-testid="list-coming">
            Still being fetched: {amountFetched(filling)}
          </p>
        )}
        {shown.isWhole && !isComing && !(isEmpty && isFilling) && (
          <p class="list-counts" data-testid="list-counts">
            {countsInWords({ open, total: items.length })}
          </p>
        )}
      </header>
      <ItemList
        list={list}
        shown={shown}
        otherLists={otherLists}
        focusElsewhere={() => input.current?.focus()}
      />
      {isEmpty && isFilling && <p class="empty-note">Fetching what is on it…</p>}
      {isEmpty && !isFilling && (
        <p class="empty-note">
          Write the first thing below. Enter adds it; paste many lines to add them all.
        </p>
      )}
      <AddItem listId={list.id} inputRef={input} add={add} />
    </article>
  );
}

/** Items added in quick succession stand behind each other before the first of them is on the screen. */
function useAdd(listId: string, { items = [], isWhole }: ShownItems) {
  const recent = useRef<readonly Placed[]>([]);
  const end = useRef(0);
  useEffect(() => {
    if (end.current === 0 || items.length < end.current) return;
    end.current = 0;
    document.querySelector('.item:last-of-type')?.scrollIntoView({ block: 'nearest' });
  }, [items]);
  return async (added: readonly NewItem[]): Promise<boolean> => {
    // Who is faster than a long list is read adds behind its last all the same.
    const all = isWhole ? items : await readInOrder(listId);
    const known = new Set(all.map(({ id }) => id));
    recent.current = recent.current.filter(({ id }) => !known.has(id));
    const { placed, isKept } = addItems(listId, [...all, ...recent.current], added);
    recent.current = [...recent.current, ...placed];
    end.current = all.length + recent.current.length;
    return isKept;
  };
}

const readInOrder = async (listId: string): Promise<readonly Placed[]> =>
  (await db.items.where({ space: listId }).toArray()).sort(inOrder);
