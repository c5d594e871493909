/**
 * The first rows of a long list, there before all others are read: to read ten thousand takes half a
 * second, and an index by order would cost every write. So it is kept which rows were at the top, and
 * those are read by their keys, as they are now. What has come to the top since follows with the rest.
 */
import { useEffect, useState } from 'preact/hooks';
import type { SpaceId } from '../../lib/index.ts';
import { db, type Item } from '../db.ts';
import { nextDrawn } from '../ui/drawn.ts';
import { keep, readKept } from '../ui/kept.ts';
import { topsIn, withTop } from './kept-tops.ts';

/** All of a shorter list are read in a moment. */
const LONG_FROM = 500;
/** What a large screen shows. */
const ROWS = 30;
/** No row is lower than a finger's breadth (`--target`). Each that is not seen would delay those that are. */
const LEAST_HEIGHT_PX = 44;
const KEY = 'tops';

interface Reading {
  readonly listId: string;
  readonly done: Promise<void>;
  rows?: readonly Item[];
}
let last: Reading | undefined;

/** Begins to read them; who knows early which list will be shown need not wait for the lists. */
export function readFirstRows(listId: string): Reading {
  if (last?.listId === listId) return last;
  const inView = Math.ceil(innerHeight / LEAST_HEIGHT_PX);
  const kept = topsIn(readKept(KEY)).find(({ list }) => list === listId)?.ids ?? [];
  const ids = kept.slice(0, inView);
  const reading: Reading = { listId, done: Promise.resolve().then(read) };
  async function read(): Promise<void> {
    if (ids.length === 0) return;
    const found = await db.items.table.bulkGet(ids.map((id) => [listId as SpaceId, id]));
    reading.rows = found.filter((row) => row !== undefined);
  }
  return (last = reading);
}

/** Undefined where they are not known, or not read yet. */
export function useFirstRows(listId: string): readonly Item[] | undefined {
  const [, setRead] = useState<string>();
  const reading = readFirstRows(listId);
  useEffect(() => {
    // What goes wrong with it goes wrong with reading all, which says so.
    void reading.done.then(
      () => setRead(listId),
      () => undefined,
    );
    return () => {
      // Opened again they are read again.
      if (last === reading) last = undefined;
    };
  }, [listId]);
  return reading.rows?.length ? reading.rows : undefined;
}

/**
 * Resolves when they are on the screen, or there are none. What reads all of a long list meanwhile takes
 * the processor that is to draw them.
 */
export async function firstRowsDrawn(listId: string): Promise<void> {
  const reading = readFirstRows(listId);
  await reading.done.catch(() => undefined);
  if (reading.rows?.length) await nextDrawn();
}

/** Notes which they are; `rows` are all of the list, in order. */
export function useNotedTop(listId: string, rows: readonly Item[] | undefined): void {
  const isLong = (rows?.length ?? 0) > LONG_FROM;
  const ids = (isLong ? (rows ?? []).slice(0, ROWS) : []).map(({ id }) => id).join(' ');
  useEffect(() => {
    if (!rows) return;
    const before = readKept(KEY);
    const after = withTop(before, { list: listId, ids: ids.split(' ').filter(Boolean) });
    if (after !== before) keep(KEY, after);
  }, [listId, ids, rows === undefined]);
}
