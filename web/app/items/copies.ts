/**
 * Items that stand in more than one list: two people moved one at the same time, each to another
 * list, or one of them edited what the other was moving. Both copies stay until someone decides. Pure.
 */

/** Where else items of a list stand: the ids of those lists, by the id of the item. */
export type Copies = ReadonlyMap<string, readonly string[]>;

/** A row's key: its list, and its id. */
export type Key = readonly [list: string, id: string];

/** A list, and what it holds. */
interface Here {
  readonly list: string;
  readonly ids: readonly string[];
}

/**
 * Of the keys of all rows that have an id which is here; there may be others among them. Lists that are not
 * known, such as deleted ones, hold nothing that anybody sees.
 */
export function copiesOf(
  keys: readonly Key[],
  { list: listId, ids }: Here,
  isKnown: (list: string) => boolean,
): Copies {
  const here = new Set(ids);
  const copies = new Map<string, string[]>();
  for (const [list, id] of keys) {
    if (list === listId || !here.has(id) || !isKnown(list)) continue;
    copies.set(id, [...(copies.get(id) ?? []), list]);
  }
  return copies;
}

/** “Camp”, “Home” and “Work” */
export function titlesInWords(titles: readonly string[]): string {
  const quoted = titles.map((title) => `“${title || 'Untitled'}”`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}
