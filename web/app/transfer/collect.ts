/** Reads what is to be exported. */
import { db, type Item, type List } from '../db.ts';
import { inOrder } from '../order.ts';
import { itemOf, type TransferItem, type TransferList } from './model.ts';

export async function collect(lists: readonly List[]): Promise<TransferList[]> {
  return Promise.all(
    lists.map(async (list) => {
      const items = await db.items.where('space').equals(list.id).toArray();
      return { title: list.title, items: items.sort(inOrder).map(exported) };
    }),
  );
}

const exported = ({ title, note, url, done, depth }: Item): TransferItem =>
  itemOf({ title, note, url, done, depth: depth ?? 0 });
