/**
 * What the sets, counters and journals of a record amount to. Apart from how they merge: who only
 * reads records need not carry that.
 */
import { canonicalJson, type Json } from './json.ts';
import type { Entry, Part, Tag } from './record.ts';

/** The elements, in the order of their first tags. */
export const elementsOf = (tags: readonly Tag[]): Json[] => [
  ...byElement(tags.map(({ value }) => value)).values(),
];

/** Each element once, under the text by which it is told from others. */
export function byElement(values: readonly Json[]): Map<string, Json> {
  const elements = new Map<string, Json>();
  for (const value of values) {
    const element = canonicalJson(value);
    if (!elements.has(element)) elements.set(element, value);
  }
  return elements;
}

export const totalOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { total }) => finite(sum + total), 0);

/** A sum beyond what a number can say stays at the greatest that it can: JSON has no infinity. */
export const finite = (sum: number): number =>
  Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, sum));

export const entriesOf = (entries: readonly Entry[]): Json[] => entries.map(({ entry }) => entry);
