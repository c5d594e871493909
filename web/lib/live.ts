/**
 * Live queries: Dexie's own, run again also when Dexie cannot know that they should be. It learns of
 * a worker's writes by BroadcastChannel, and a suspended page misses those.
 */
import { Dexie, liveQuery } from 'dexie';
import type { Live, Observer, Unsubscribe } from './api.ts';
import type { Environment } from './environment.ts';
import { createLiveRows, type Mutated } from './live-rows.ts';
import { createEvents } from './observed.ts';

/** How long the word of a commit may take behind the host's own, and how far it may be ahead. */
const HEARD_WITHIN_MS = 100;
const HEARD_BEFORE_MS = 1_000;

export interface LiveQueries {
  readonly live: <T>(query: () => T | PromiseLike<T>) => Live<T>;
  /** The rows of a collection in a space, followed. */
  readonly rows: ReturnType<typeof createLiveRows>['rowsOf'];
  /** The spaces of which rows are followed: what the page shows, the last opened first. */
  readonly spaces: () => readonly string[];
  /** Runs every live query again. */
  readonly refresh: () => void;
  /** The host says that it has written: if Dexie does not hear of it too, refreshes. */
  readonly expectChange: () => void;
  readonly close: () => void;
}

export function createLiveQueries(environment: Environment, tables: Dexie): LiveQueries {
  const refreshes = createEvents<void>();
  let heardAt = -Infinity;
  let cancelCheck: Unsubscribe | null = null;

  const hear = (parts: object): void => {
    const isOurs = Object.keys(parts).some((part) => part.startsWith(`idb://${tables.name}/`));
    if (isOurs) heardAt = environment.now();
  };
  Dexie.on('storagemutated', hear);
  const { rowsOf: rows, spaces } = createLiveRows({
    tables,
    onMutated(fn) {
      const heard = (parts: object): void => fn(parts as Mutated);
      Dexie.on('storagemutated', heard);
      return () => Dexie.on('storagemutated').unsubscribe(heard);
    },
    onRefresh: refreshes.subscribe,
  });

  return {
    rows,
    spaces,
    live: (query) => ({
      subscribe(to) {
        const observer = typeof to === 'function' ? { next: to } : to;
        let inner = run(query, observer);
        const unsubscribe = refreshes.subscribe(() => {
          inner.unsubscribe();
          inner = run(query, observer);
        });
        return {
          unsubscribe() {
            unsubscribe();
            inner.unsubscribe();
          },
        };
      },
    }),
    refresh: () => refreshes.emit(),
    expectChange() {
      const since = environment.now() - HEARD_BEFORE_MS;
      cancelCheck ??= environment.after(HEARD_WITHIN_MS, () => {
        cancelCheck = null;
        // Heard in the future: the clock was set back since, and it says nothing.
        if (heardAt < since || heardAt > environment.now()) refreshes.emit();
      });
    },
    close() {
      cancelCheck?.();
      Dexie.on('storagemutated').unsubscribe(hear);
    },
  };
}

const run = <T>(query: () => T | PromiseLike<T>, observer: Observer<T>) =>
  liveQuery(query as () => T | Promise<T>).subscribe(
    (value) => observer.next?.(value),
    (reason: unknown) => observer.error?.(reason),
  );
