/**
 * Where rows stand among their siblings: fractional keys, so that a move writes one row. Two devices
 * that append at the same time give the same key; then the id decides, alike on every device, and
 * whoever wants to get between the two gives new keys to as few rows as will do.
 */
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

export interface Placed {
  readonly id: string;
  readonly order: string;
}

export interface Room {
  /** Ascending keys for what comes in. */
  readonly keys: readonly string[];
  /** New keys for rows that were in the way, by id; mostly empty. */
  readonly rekeyed: ReadonlyMap<string, string>;
}

export function inOrder(a: Placed, b: Placed): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Keys for `count` rows that come in before `sorted[at]`; at its length: after the last. */
export function makeRoom(sorted: readonly Placed[], at: number, count: number): Room {
  const before = sorted[at - 1]?.order ?? null;
  let end = at;
  while (end < sorted.length && !liesAfter(sorted[end], before)) end++;
  const inTheWay = sorted.slice(at, end);
  const keys = keysBetween(before, sorted[end]?.order ?? null, count + inTheWay.length);
  if (!keys) return rekeyAll(sorted, at, count);
  return { keys: keys.slice(0, count), rekeyed: pair(inTheWay, keys.slice(count)) };
}

/** What to write so that `moved`, in this sequence, stand before `others[at]`; `others` lacks them. */
export function placeAt(
  others: readonly Placed[],
  at: number,
  moved: readonly Placed[],
): ReadonlyMap<string, string> {
  const room = makeRoom(others, at, moved.length);
  return new Map([...pair(moved, room.keys), ...room.rekeyed]);
}

function rekeyAll(sorted: readonly Placed[], at: number, count: number): Room {
  const keys = generateNKeysBetween(null, null, sorted.length + count);
  const others = [...keys.slice(0, at), ...keys.slice(at + count)];
  return { keys: keys.slice(at, at + count), rekeyed: pair(sorted, others) };
}

/** Undefined where the lower bound is no key at all: another program may have written anything. */
function keysBetween(before: string | null, after: string | null, count: number) {
  if (before !== null && !isKey(before)) return undefined;
  try {
    return generateNKeysBetween(before, after, count);
  } catch {
    return undefined;
  }
}

function liesAfter(row: Placed | undefined, before: string | null): boolean {
  if (!row || !isKey(row.order)) return false;
  return before === null || row.order > before;
}

/** The generator itself takes foreign characters for zeros. */
const KEY = /^[A-Za-z][0-9A-Za-z]+$/;

function isKey(text: string): boolean {
  if (!KEY.test(text)) return false;
  try {
    generateKeyBetween(text, null);
    return true;
  } catch {
    return false;
  }
}

function pair(rows: readonly Placed[], keys: readonly string[]): Map<string, string> {
  return new Map(rows.map((row, i) => [row.id, keys[i] ?? row.order]));
}
