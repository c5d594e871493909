/** What can be done with lists. */
import { db, type List } from '../db.ts';
import { addItems, type NewItem } from '../items/item-actions.ts';
import { keepFromNowOn } from '../install/keep.ts';
import { inOrder, makeRoom, placeAt } from '../order.ts';
import { navigate, route } from '../router.ts';
import { announce } from '../ui/announcer.tsx';
import { attempt } from '../ui/attempt.ts';
import { toastUndo } from '../ui/toasts.tsx';
import { countItems, type TransferList } from '../transfer/model.ts';
import { writeMany } from '../write-many.ts';
import { noteDeleted } from './use-gone-lists.ts';

/** The new list's id, or null if it was not kept. */
export async function addList(lists: readonly List[], title: string): Promise<string | null> {
  const { keys } = makeRoom(lists, lists.length, 1);
  const handle = db.lists.add({ title, order: keys[0] ?? 'a0' });
  if (!(await attempt(handle, 'List not added'))) return null;
  keepFromNowOn();
  announce(`List ${title} added`);
  return handle.id;
}

/** A list that comes with its first items. */
export async function addFilledList(
  lists: readonly List[],
  title: string,
  items: readonly NewItem[],
): Promise<string | null> {
  const id = await addList(lists, title);
  if (id !== null) await addItems(id, [], items).isKept;
  return id;
}

export function renameList(list: List, title: string): Promise<boolean> {
  return attempt(db.lists.update(list, { title }), 'Not renamed');
}

/** The record in the home space goes; the list's own space and its items stay for the undo. */
export async function deleteList(list: List): Promise<void> {
  noteDeleted([list.id]);
  if (!(await attempt(db.lists.delete(list), 'List not deleted'))) return;
  const wasOpen = route.current.name === 'list' && route.current.id === list.id;
  if (wasOpen) navigate({ name: 'lists' });
  toastUndo(`List “${list.title}” deleted`, () => void restoreList(list, wasOpen));
}

async function restoreList(list: List, open: boolean): Promise<void> {
  if (!(await attempt(db.lists.restore(list), 'Not brought back'))) return;
  announce(`List ${list.title} is back`);
  if (open) navigate({ name: 'list', id: list.id });
}

export function placeList(
  others: readonly List[],
  at: number,
  moved: List,
): { readonly orders: ReadonlyMap<string, string>; readonly write: Promise<boolean> } {
  const orders = placeAt(others, at, [moved]);
  const { space } = moved;
  const write = writeMany([...orders], (tx, [id, order]) =>
    tx.lists.update({ id, space }, { order }),
  );
  return { orders, write: attempt(write, 'Not moved') };
}

/** Takes all of it or nothing: one transaction, online or not. */
export async function importLists(imported: readonly TransferList[]): Promise<boolean> {
  const lists = (await db.lists.toArray()).toSorted(inOrder);
  const { keys } = makeRoom(lists, lists.length, imported.length);
  const ids: string[] = [];
  const write = db.bulk((tx) => {
    imported.forEach(({ title, items }, i) => {
      const space = tx.lists.add({ title, order: keys[i] ?? 'a0' });
      ids.push(space);
      const itemKeys = makeRoom([], 0, items.length).keys;
      items.forEach((item, j) => tx.items.add({ ...item, space, order: itemKeys[j] ?? 'a0' }));
    });
  });
  if (!(await attempt(write, 'Not imported'))) return false;
  keepFromNowOn();
  const [first] = ids;
  if (ids.length === 1 && first !== undefined) navigate({ name: 'list', id: first });
  toastUndo(importedWords(imported), () => void removeLists(ids));
  return true;
}

async function removeLists(ids: readonly string[]): Promise<void> {
  noteDeleted(ids);
  const write = db.bulk((tx) => {
    for (const id of ids) tx.lists.delete(id);
  });
  if (!(await attempt(write, 'Not undone'))) return;
  if (route.current.name === 'list' && ids.includes(route.current.id)) navigate({ name: 'lists' });
}

function importedWords(lists: readonly TransferList[]): string {
  const items = countItems(lists);
  const words = `${items} ${items === 1 ? 'item' : 'items'} imported`;
  return lists.length === 1 ? words : `${lists.length} lists with ${words}`;
}
