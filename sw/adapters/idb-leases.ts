/** Leases in a tiny database of their own. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { keptOpen } from './kept-open.ts';
import type { Leases } from './lease-locks.ts';

interface Layout extends DBSchema {
  lease: { key: string; value: string };
}

export function createIdbLeases(database: string): Leases {
  const run = keptOpen((handlers) =>
    openDB<Layout>(database, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('lease'),
      ...handlers,
    }),
  );

  function begin(db: IDBPDatabase<Layout>) {
    const tx = db.transaction('lease', 'readwrite');
    tx.done.catch(() => {}); // told by what fails in it
    return tx;
  }

  return {
    take: (name, next, former) =>
      run(async (db) => {
        const tx = begin(db);
        const holder = await tx.store.get(name);
        // Its own: the word of the first try was lost.
        const isFree = holder === undefined || holder === former || holder === next;
        if (isFree) await tx.store.put(next, name);
        await tx.done;
        return isFree ? undefined : holder;
      }),
    holder: (name) => run((db) => db.get('lease', name)),
    leave: (name, holder) =>
      run(async (db) => {
        const tx = begin(db);
        if ((await tx.store.get(name)) === holder) await tx.store.delete(name);
        await tx.done;
      }),
  };
}
