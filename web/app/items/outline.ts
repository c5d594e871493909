/**
 * A list is flat; nesting is a number on each item. What is shown can therefore never be broken: an
 * item stands at most one step deeper than the one above it, whatever two devices wrote at once.
 */

export const MAX_DEPTH = 5;

export interface Nested {
  readonly depth?: number | undefined;
}

/** The depth at which each row is shown. */
export function shownDepths(rows: readonly Nested[]): number[] {
  let above = -1;
  return rows.map((row) => {
    const wished = Number.isFinite(row.depth) ? Math.trunc(row.depth ?? 0) : 0;
    above = Math.min(Math.max(wished, 0), above + 1, MAX_DEPTH);
    return above;
  });
}

/** Where the row at `index` and everything nested under it ends. */
export function blockEnd(depths: readonly number[], index: number): number {
  const depth = depths[index] ?? 0;
  let end = index + 1;
  while (end < depths.length && (depths[end] ?? 0) > depth) end++;
  return end;
}

/** The index before which a block goes when it moves one step up among its neighbours. */
export function stepUp(depths: readonly number[], index: number): number | null {
  if (index <= 0) return null;
  const depth = depths[index] ?? 0;
  let at = index - 1;
  while (at > 0 && (depths[at] ?? 0) > depth) at--;
  return at;
}

/** The index before which a block goes when it moves one step down, past its next neighbour. */
export function stepDown(depths: readonly number[], index: number): number | null {
  const next = blockEnd(depths, index);
  if (next >= depths.length) return null;
  return (depths[next] ?? 0) === (depths[index] ?? 0) ? blockEnd(depths, next) : next + 1;
}
