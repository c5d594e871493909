/** Delta debugging: of a list that breaks something, as few items as still break it. */

export interface CutDown<T> {
  readonly items: readonly T[];
  /** How often it was tried. */
  readonly tries: number;
}

/**
 * Cuts ever smaller stretches out of `items`, and leaves out each without which it is still broken,
 * until no single one can go; or until it has tried `most` times.
 */
export async function cutDown<T>(
  items: readonly T[],
  isBroken: (items: readonly T[]) => Promise<boolean>,
  most: number,
): Promise<CutDown<T>> {
  let best = items;
  let tries = 0;
  let size = Math.ceil(items.length / 2);
  while (size >= 1 && tries < most) {
    let isSmaller = false;
    for (let from = 0; from < best.length && tries < most;) {
      const rest = [...best.slice(0, from), ...best.slice(from + size)];
      tries += 1;
      if (await isBroken(rest)) {
        best = rest;
        isSmaller = true;
      } else {
        from += size;
      }
    }
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return { items: best, tries };
}
