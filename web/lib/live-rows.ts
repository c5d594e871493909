/**
 * The rows of a space, followed: read once, and of what changes only that. A live query reads anew all
 * that it read before, which of tens of thousands of rows is a second for each keystroke of somebody.
 * Dexie tells the keys that a transaction has written, whichever context it was of.
 */
import { cmp, type Dexie, type IntervalTree, type Table } from 'dexie';
import type { Live, Observer, RowKey, Unsubscribe } from './api.ts';

/** What Dexie says was written, by table and index. */
export type Mutated = Readonly<Record<string, IntervalTree | undefined>>;

/** What is to be read: everything, or the rows of these keys. */
type Due = 'all' | readonly RowKey[];

interface Sources {
  readonly tables: Dexie;
  readonly onMutated: (fn: (parts: Mutated) => void) => Unsubscribe;
  /** Fires when Dexie may have missed something. */
  readonly onRefresh: (fn: () => void) => Unsubscribe;
}

type AnyRow = { readonly id: string };

/** By collection and space; who asks for the same at the same time shares one reading. */
export function createLiveRows(sources: Sources) {
  const followed = new Map<string, ReturnType<typeof follow>>();
  const rowsOf = (collection: string, space: string): Live<readonly AnyRow[]> => ({
    subscribe(to) {
      const observer = typeof to === 'function' ? { next: to } : to;
      const name = `${collection} ${space}`;
      const rows = followed.get(name) ?? follow(sources, collection, space);
      // The last is what was opened last.
      followed.delete(name);
      followed.set(name, rows);
      const leave = rows.join(observer);
      return {
        unsubscribe() {
          if (leave() > 0 || followed.get(name) !== rows) return;
          followed.delete(name);
          rows.close();
        },
      };
    },
  });
  /** The spaces that are followed now, what was opened last first. */
  const spaces = () => [...new Set(Array.from(followed.values(), ({ space }) => space).reverse())];
  return { rowsOf, spaces };
}

function follow({ tables, onMutated, onRefresh }: Sources, collection: string, space: string) {
  const table: Table<AnyRow, RowKey> = tables.table(collection);
  const part = `idb://${tables.name}/${collection}/`;
  const observers = new Set<Observer<readonly AnyRow[]>>();
  let rows: Map<string, AnyRow> | null = null;
  let due: Due | null = 'all';
  let isReading = false;

  /** One reading after the other: what was written during one is read by the next. */
  async function read(): Promise<void> {
    if (isReading) return;
    isReading = true;
    try {
      while (due !== null && observers.size > 0) {
        const now: Due = due;
        due = null;
        rows = now === 'all' || !rows ? await readAll() : await readSome(rows, now);
        for (const observer of Array.from(observers)) observer.next?.([...rows.values()]);
      }
    } catch (reason) {
      rows = null;
      due = 'all';
      for (const observer of Array.from(observers)) observer.error?.(reason);
    } finally {
      isReading = false;
    }
  }

  const readAll = async (): Promise<Map<string, AnyRow>> =>
    new Map((await table.where({ space }).toArray()).map((row) => [row.id, row]));

  async function readSome(before: Map<string, AnyRow>, keys: readonly RowKey[]) {
    const found = await table.bulkGet([...keys]);
    for (const [i, [, id]] of keys.entries()) {
      const row = found[i];
      if (row) before.set(id, row);
      else before.delete(id);
    }
    return before;
  }

  function note(changed: Due): void {
    if (changed !== 'all' && changed.length === 0) return;
    due = due === 'all' || changed === 'all' ? 'all' : [...(due ?? []), ...changed];
    void read();
  }

  const stops = [
    onMutated((parts) => note(parts['all'] ? 'all' : keysIn(parts[part], space))),
    onRefresh(() => note('all')),
  ];
  return {
    space,
    join(observer: Observer<readonly AnyRow[]>): () => number {
      const mine = { ...observer };
      observers.add(mine);
      if (rows && due === null) observer.next?.([...rows.values()]);
      void read();
      return () => {
        observers.delete(mine);
        return observers.size;
      };
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}

/** The keys of this space in what was written; `all` where that is more than single keys. */
function keysIn(written: IntervalTree | null | undefined, space: string): Due {
  const keys: RowKey[] = [];
  const walk = (node: IntervalTree | null | undefined): boolean => {
    if (!node || !('from' in node)) return true;
    // One key; what else Dexie says is a range of them, such as that of many rows written at once.
    if (cmp(node.from, node.to) !== 0) return false;
    const key = node.from as RowKey;
    if (key[0] === space) keys.push(key);
    return walk(node.l) && walk(node.r);
  };
  return walk(written) ? keys : 'all';
}
