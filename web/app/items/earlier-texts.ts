/** What a field held and does not any more, though nobody may have meant that: the sides of closed conflicts. Pure. */
import type { Conflict } from '../../lib/index.ts';
import type { Item } from '../db.ts';

export const TEXT_FIELDS = ['title', 'note', 'url'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export interface EarlierText {
  readonly field: TextField;
  readonly text: string;
  readonly mine: boolean;
  /** Wall time in ms; null where it is not known. */
  readonly at: number | null;
}

/** The newest first, each once. What is still to be decided is asked elsewhere. */
export function earlierTexts(conflicts: readonly Conflict[], item: Item): EarlierText[] {
  const earlier = new Map<string, EarlierText>();
  for (const { open, winner, loser } of conflicts.toReversed()) {
    if (open) continue;
    for (const { values, mine, at } of [winner, loser]) {
      for (const field of TEXT_FIELDS) {
        const text = values?.[field];
        if (typeof text !== 'string' || text === '' || text === item[field]) continue;
        const key = `${field} ${text}`;
        if (!earlier.has(key)) earlier.set(key, { field, text, mine, at });
      }
    }
  }
  return [...earlier.values()];
}
