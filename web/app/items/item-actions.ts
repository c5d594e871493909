/** What can be done with items. Each writes once, says what happened, and offers the way back. */
import { db, type Item, type List } from '../db.ts';
import { makeRoom, placeAt, type Placed } from '../order.ts';
import { announce } from '../ui/announcer.tsx';
import { attempt } from '../ui/attempt.ts';
import { toastUndo } from '../ui/toasts.tsx';
import { writeMany } from '../write-many.ts';
import { callBack, sendAway } from './item-edits.ts';
import { MAX_DEPTH } from './outline.ts';

export interface NewItem {
  readonly title: string;
  readonly note?: string;
  readonly url?: string;
  readonly done?: boolean;
  readonly depth?: number;
}

export interface Added {
  /** Where they will stand, known before they are there: the next ones come behind them. */
  readonly placed: readonly Placed[];
  /** True when they are durable on this device. */
  readonly isKept: Promise<boolean>;
}

/** Appends to the list whose rows these are. */
export function addItems(
  listId: string,
  rows: readonly Placed[],
  added: readonly NewItem[],
): Added {
  const { keys } = makeRoom(rows, rows.length, added.length);
  const all = added.map((item, i) => ({
    done: false,
    ...item,
    space: listId,
    order: keys[i] ?? 'a0',
  }));
  const [only] = all;
  if (all.length === 1 && only !== undefined) {
    const handle = db.items.add(only);
    return {
      placed: [{ id: handle.id, order: only.order }],
      isKept: keptAs(handle, `${only.title} added`),
    };
  }
  const placed: Placed[] = [];
  const write = db.bulk((tx) => {
    for (const item of all) placed.push({ id: tx.items.add(item), order: item.order });
  });
  return { placed, isKept: keptAs(write, `${all.length} items added`) };
}

async function keptAs(write: PromiseLike<unknown>, words: string): Promise<boolean> {
  const isKept = await attempt(write, 'Not added');
  if (isKept) announce(words);
  return isKept;
}

export function setDone(item: Item, done: boolean): Promise<boolean> {
  return attempt(db.items.update(item, { done }), 'Not changed');
}

export async function deleteItem(item: Item): Promise<void> {
  sendAway([item]);
  if (!(await attempt(db.items.delete(item), 'Not deleted'))) return;
  toastUndo(`“${item.title}” deleted`, () => void restoreItems([item]));
}

export async function restoreItems(items: readonly Item[]): Promise<void> {
  callBack(items);
  const write = writeMany(items, (tx, item) => tx.items.restore(item));
  if (await attempt(write, 'Not brought back')) announce(`${countWords(items.length)} back`);
}

/** Puts a block of rows before `others[at]`; resolves when the order is durable here. */
export function placeItems(
  others: readonly Item[],
  at: number,
  moved: readonly Item[],
): { readonly orders: ReadonlyMap<string, string>; readonly write: Promise<boolean> } {
  const orders = placeAt(others, at, moved);
  const space = moved[0]?.space ?? '';
  const write = writeMany([...orders], (tx, [id, order]) =>
    tx.items.update({ id, space }, { order }),
  );
  return { orders, write: attempt(write, 'Not moved') };
}

/** One step deeper or back, with everything nested under it. */
export function indentItems(
  block: readonly { item: Item; depth: number }[],
  by: 1 | -1,
): { readonly depths: ReadonlyMap<string, number>; readonly write: Promise<boolean> } {
  const depths = new Map(
    block.map(({ item, depth }) => [item.id, Math.min(MAX_DEPTH, Math.max(0, depth + by))]),
  );
  const write = writeMany(block, (tx, { item }) =>
    tx.items.update(item, { depth: depths.get(item.id) ?? 0 }),
  );
  return { depths, write: attempt(write, 'Not moved') };
}

/** To the end of another list. */
export async function moveToList(item: Item, to: List): Promise<void> {
  const there = await db.items.where('space').equals(to.id).sortBy('order');
  const order = makeRoom(there, there.length, 1).keys[0] ?? item.order;
  sendAway([item]);
  const isMoved = await attempt(db.items.move(item, to.id, { order, depth: 0 }), 'Not moved');
  if (!isMoved) return;
  announce(`${item.title} moved to ${to.title}`);
  toastUndo(`“${item.title}” moved to “${to.title}”`, () => {
    callBack([item]);
    const back = { order: item.order, depth: item.depth ?? null };
    void attempt(db.items.move({ id: item.id, space: to.id }, item.space, back), 'Not moved back');
  });
}

export async function uncheckAll(items: readonly Item[]): Promise<void> {
  const checked = items.filter(({ done }) => done);
  const write = writeMany(checked, (tx, item) => tx.items.update(item, { done: false }));
  if (!(await attempt(write, 'Not unchecked'))) return;
  toastUndo(`${countWords(checked.length)} unchecked`, () => {
    const redo = writeMany(checked, (tx, item) => tx.items.update(item, { done: true }));
    void attempt(redo, 'Not undone');
  });
}

export async function clearChecked(items: readonly Item[]): Promise<void> {
  const checked = items.filter(({ done }) => done);
  sendAway(checked);
  const write = writeMany(checked, (tx, item) => tx.items.delete(item));
  if (!(await attempt(write, 'Not deleted'))) return;
  toastUndo(`${countWords(checked.length)} deleted`, () => void restoreItems(checked));
}

const countWords = (count: number): string => (count === 1 ? '1 item' : `${count} items`);
