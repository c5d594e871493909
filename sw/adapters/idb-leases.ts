/** Leases in a tiny database of their own. */
import { keptOpen } from './kept-open.ts';
import type { Leases } from './lease-locks.ts';
import { openTinyDb } from './tiny-db.ts';

export function createIdbLeases(database: string): Leases {
  const run = keptOpen((handlers) =>
    openTinyDb<string>({ name: database, store: 'lease' }, handlers),
  );
  return {
    async take(name, next, former) {
      const holder = await run((db) =>
        // Its own: the word of the first try was lost.
        db.change(name, (held) => (held === undefined || held === former ? next : held)),
      );
      return holder === next ? undefined : holder;
    },
    holder: (name) => run((db) => db.get(name)),
    async leave(name, holder) {
      await run((db) => db.change(name, (held) => (held === holder ? undefined : held)));
    },
  };
}
