/** Whose turn it is, where each has one a day. Pure. */

/**
 * Those whose turn lies behind served time `from` and up to `to`: each once a day, spread over it, and
 * with nothing kept but the served time itself. So a server that is started anew goes on where it was.
 */
export function turnsIn<T>(
  all: readonly T[],
  { from, to, day }: { readonly from: number; readonly to: number; readonly day: number },
): readonly T[] {
  return all.filter((_, i) => {
    const offset = (i * day) / all.length;
    return Math.floor((to - offset) / day) > Math.floor((from - offset) / day);
  });
}
