/** Which items of a list have fields that two people wrote at once, and that nobody has decided on. */
import { db } from '../db.ts';
import { useLive } from '../ui/use-live.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** By item, `title` or `title and note`. */
export function useDisputes(listId: string): ReadonlyMap<string, string> {
  return useLive(() => disputesIn(listId), [listId]) ?? NONE;
}

async function disputesIn(listId: string): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, Set<string>>();
  for (const { space, collection, id, field } of await db.conflicts.open()) {
    if (space !== listId || collection !== 'items' || field === null) continue;
    const known = fields.get(id) ?? new Set();
    fields.set(id, known.add(field === 'url' ? 'link' : field));
  }
  return new Map([...fields].map(([id, names]) => [id, [...names].join(' and ')]));
}
