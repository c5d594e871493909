/** Leases in a tiny database of their own. */
import { openDB, type DBSchema } from 'idb';
import { keptOpen } from './kept-open.ts';
import type { Leases } from './lease-locks.ts';

interface Layout extends DBSchema {
  lease: { key: string; value: string };
}

export function createIdbLeases(database: string): Leases {
  const open = keptOpen((handlers) =>
    openDB<Layout>(database, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('lease'),
      ...handlers,
    }),
  );

  return {
    async take(name, next, former) {
      const tx = (await open()).transaction('lease', 'readwrite');
      const holder = await tx.store.get(name);
      const isFree = holder === undefined || holder === former;
      if (isFree) await tx.store.put(next, name);
      await tx.done;
      return isFree ? undefined : holder;
    },
    holder: async (name) => (await open()).get('lease', name),
    async leave(name, holder) {
      const tx = (await open()).transaction('lease', 'readwrite');
      if ((await tx.store.get(name)) === holder) await tx.store.delete(name);
      await tx.done;
    },
  };
}
