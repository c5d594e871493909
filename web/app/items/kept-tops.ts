/** Which rows were at the top of the long lists that were open last, as one text. Pure. */

export interface Top {
  readonly list: string;
  readonly ids: readonly string[];
}

/** Of no more lists than these: nobody has many that are long. */
const LISTS = 8;

/** Of what is no such text nothing. */
export function topsIn(text: string): readonly Top[] {
  return text.split('\n').flatMap((line) => {
    const [list, ...ids] = line.split(' ').filter((word) => word !== '');
    return list !== undefined && ids.length > 0 ? [{ list, ids }] : [];
  });
}

/** With this list as the last that was open; one without ids is left out. */
export function withTop(text: string, top: Top): string {
  const others = topsIn(text).filter(({ list }) => list !== top.list);
  const tops = top.ids.length > 0 ? [top, ...others] : others;
  return tops
    .slice(0, LISTS)
    .map(({ list, ids }) => [list, ...ids].join(' '))
    .join('\n');
}
