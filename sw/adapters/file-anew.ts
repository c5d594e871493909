/**
 * Records that came before this version of the app had a collection for them lie among the hidden
 * ones, and no op will name them again: they are put where the app reads them, once, when it is there.
 */
import type { Dexie, Table } from 'dexie';
import type { AppConfig, Kinds, SpaceId } from '../../core/index.ts';
import { isVisible, visibleRow, type HiddenRow, type RecordRow } from './record-row.ts';

/** What is noted in `_meta`: the collections whose records lie where they belong. */
interface Filed {
  readonly key: typeof KEY;
  readonly collections: readonly string[];
}
const KEY = 'filed';

/** How many records change their place in one transaction: who waits for the next waits no longer. */
const AT_ONCE = 500;

/** Stopped at any point it goes on at the next opening. */
export async function fileAnew(db: Dexie, { collections }: AppConfig): Promise<void> {
  const meta: Table<Filed, string> = db.table('_meta');
  const filed = (await meta.get(KEY))?.collections ?? [];
  const missing = Object.keys(collections).filter((name) => !filed.includes(name));
  if (missing.length === 0) return;
  for (const name of missing) {
    while ((await fileSome(db, name, collections[name]?.kinds)) === AT_ONCE);
  }
  await meta.put({ key: KEY, collections: [...filed, ...missing] });
}

/** Returns how many there were to move, of at most `AT_ONCE`. */
const fileSome = (db: Dexie, name: string, kinds: Kinds | undefined): PromiseLike<number> =>
  db.transaction('rw', [name, '_hidden'], async () => {
    const hidden: Table<HiddenRow, [SpaceId, string, string]> = db.table('_hidden');
    const shown: Table<RecordRow, [SpaceId, string]> = db.table(name);
    const found = await hidden
      .where('[collection+id]')
      .between([name], [name, []])
      .filter(({ $ }) => isVisible($))
      .limit(AT_ONCE)
      .toArray();
    await shown.bulkPut(found.map(({ space, $ }) => visibleRow(space, $, kinds)));
    await hidden.bulkDelete(found.map(({ space, id }) => [space, name, id]));
    return found.length;
  });
