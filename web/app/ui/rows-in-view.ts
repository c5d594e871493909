/**
 * Which rows of a long list are in the page: those in view and around it, and a few that have to be
 * there wherever it is scrolled to. In place of the others stand gaps of their height. Pure.
 */

export interface Range {
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/** What is in the page, from the top: a row, or the gap that stands for some of them. */
export type Part =
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'gap'; readonly from: number; readonly height: number };

/** Where each row begins, from the first on; one more for the end of the last. */
export function topsOf(count: number, heightOf: (index: number) => number): readonly number[] {
  const tops = [0];
  let top = 0;
  for (let i = 0; i < count; i++) tops.push((top += heightOf(i)));
  return tops;
}

/** The rows of which something lies between `top` and `bottom`. */
export function rowsBetween(tops: readonly number[], top: number, bottom: number): Range {
  const count = tops.length - 1;
  const from = Math.min(Math.max(0, lastNotAfter(tops, top)), count);
  const to = Math.min(count, lastNotAfter(tops, bottom) + 1);
  return { from, to: Math.max(from, to) };
}

/** The last place whose top is not below `y`; -1 where all are. */
function lastNotAfter(tops: readonly number[], y: number): number {
  let [low, high] = [0, tops.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((tops[middle] ?? 0) <= y) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export const covers = (outer: Range, inner: Range): boolean =>
  outer.from <= inner.from && inner.to <= outer.to;

/** The rows of `range` and those of `always`, in their order, and the gaps between them. */
export function partsOf(
  tops: readonly number[],
  range: Range,
  always: readonly number[],
): readonly Part[] {
  const count = tops.length - 1;
  const inRange = Array.from({ length: Math.max(0, Math.min(range.to, count) - range.from) });
  const wanted = new Set([...inRange.map((_, i) => range.from + i), ...always]);
  const parts: Part[] = [];
  let next = 0;
  const goTo = (index: number): void => {
    const height = (tops[index] ?? 0) - (tops[next] ?? 0);
    if (index > next) parts.push({ kind: 'gap', from: next, height });
    next = index;
  };
  for (const index of [...wanted].toSorted((a, b) => a - b)) {
    if (index < 0 || index >= count) continue;
    goTo(index);
    parts.push({ kind: 'row', index });
    next = index + 1;
  }
  goTo(count);
  return parts;
}
