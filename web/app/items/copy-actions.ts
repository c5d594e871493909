/** What can be done with an item that stands in several lists. */
import { db, type Item, type List } from '../db.ts';
import { navigate } from '../router.ts';
import { announce } from '../ui/announcer.tsx';
import { attempt } from '../ui/attempt.ts';
import { openMenu, type MenuEntry } from '../ui/menu.tsx';
import { toastUndo } from '../ui/toasts.tsx';
import { titlesInWords } from './copies.ts';
import { callBack, sendAway } from './item-edits.ts';

interface CopiesMenu {
  readonly item: Item;
  readonly list: List;
  /** The others it stands in. */
  readonly elsewhere: readonly List[];
  readonly anchor: Element;
  /** Gives the focus to the next row: this one goes. */
  readonly focusNext: () => void;
}

export function openCopiesMenu(of: CopiesMenu): void {
  const { item, list, elsewhere, anchor, focusNext } = of;
  const all = [list, ...elsewhere];
  const keep = (kept: List): MenuEntry => ({
    label: `Keep it in “${kept.title}” only`,
    run: () => {
      if (kept !== list) focusNext();
      void keepOnly(item, kept, all);
    },
  });
  openMenu(anchor, `“${item.title}” is also in ${titlesInWords(titlesOf(elsewhere))}`, [
    ...all.map(keep),
    {
      label: 'Make it an item of its own',
      run: () => {
        focusNext();
        void makeOwn(item);
      },
    },
    ...elsewhere.map(({ id, title }) => ({
      label: `Go to “${title}”`,
      run: () => navigate({ name: 'list', id }),
    })),
  ]);
}

/**
 * Deletes the other copies. The kept one is written too, though with nothing new: whoever keeps
 * another one at the same time deletes this one unseen, and is then asked, as about every edit that
 * met a deletion. Without it both copies would be gone, and nobody would hear of it.
 */
async function keepOnly(item: Item, kept: List, all: readonly List[]): Promise<void> {
  const { id } = item;
  const gone = all.filter((list) => list !== kept).map((list) => ({ id, space: list.id }));
  const copy = await db.items.get({ id, space: kept.id });
  if (!copy) return announce('It is not there any more');
  if (kept.id !== item.space) sendAway([item]);
  const write = db.bulk((tx) => {
    tx.items.update(copy, { order: copy.order });
    for (const each of gone) tx.items.delete(each);
  });
  if (!(await attempt(write, 'Not deleted'))) return;
  toastUndo(`“${item.title}” is in “${kept.title}” only`, () => {
    callBack([item]);
    const back = db.bulk((tx) => {
      for (const each of gone) tx.items.restore(each);
    });
    void attempt(back, 'Not brought back');
  });
}

/** The copy here is another item from now on, with all it holds, in the same place. */
async function makeOwn(item: Item): Promise<void> {
  const { id: _, ...fields } = item;
  let id = '';
  sendAway([item]);
  const write = db.batch((tx) => {
    id = tx.items.add(fields);
    tx.items.delete(item);
  });
  if (!(await attempt(write, 'Not changed'))) return;
  toastUndo(`“${item.title}” is an item of its own`, () => {
    callBack([item]);
    const back = db.batch((tx) => {
      tx.items.restore(item);
      tx.items.delete({ id, space: item.space });
    });
    void attempt(back, 'Not undone');
  });
}

const titlesOf = (lists: readonly List[]): string[] => lists.map(({ title }) => title);
