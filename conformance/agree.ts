/** Says what was expected and what came: the words of a check that does not hold. */
import { isObject, jsonEquals } from '../core/index.ts';
import type { Json } from '../core/index.ts';

export class Disagreement extends Error {
  override readonly name = 'Disagreement';
}

export function holds(what: string, isSo: boolean): asserts isSo {
  if (!isSo) throw new Disagreement(what);
}

/** Equal as JSON, whatever the order of members. */
export function same(what: string, actual: unknown, expected: Json): void {
  if (!jsonEquals((actual ?? null) as Json, expected)) {
    throw new Disagreement(`${what}: expected ${shown(expected)}, got ${shown(actual)}`);
  }
}

/** An object that has these members, and perhaps others. */
export function like(what: string, actual: unknown, expected: Readonly<Record<string, Json>>) {
  holds(`${what}: expected an object, got ${shown(actual)}`, isObject(actual));
  for (const [name, value] of Object.entries(expected)) {
    same(`${what}, member "${name}"`, actual[name], value);
  }
}

const LONGEST_SHOWN = 300;

export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
