/** The keys that tell which items of a list stand in other lists too. */
import type { db } from '../db.ts';
import type { Key } from './copies.ts';

type Items = Pick<typeof db.items, 'where' | 'orderBy'>;

/** Little to read, and told of each change of any item: which part of the range was read counts for nothing. */
export const anyItem = (items: Items): Promise<readonly Key[]> =>
  items.orderBy('[space+id]').limit(1).primaryKeys();

/** From so many on, the keys of all other lists come sooner than those of so many ids one by one. */
const MANY = 200;

/** Of all rows in other lists that have an id which this one has, of so many; and perhaps of others. */
export const keysAround = (items: Items, list: string, count: number): Promise<readonly Key[]> =>
  count > MANY ? keysElsewhere(items, list) : keysOfSameIds(items, list);

/** The ids are read here too: what is on the screen may be of a moment before. */
async function keysOfSameIds(items: Items, list: string): Promise<readonly Key[]> {
  const here = await items.where('space').equals(list).primaryKeys();
  return items
    .where('id')
    .anyOf(here.map(([, id]) => id))
    .primaryKeys();
}

async function keysElsewhere(items: Items, list: string): Promise<readonly Key[]> {
  const [before, after] = await Promise.all([
    items.where('[space+id]').below([list]).primaryKeys(),
    // An array comes behind all texts.
    items.where('[space+id]').above([list, []]).primaryKeys(),
  ]);
  return [...before, ...after];
}
