/** What must hold of the server's logs, whatever happened on the way to it. */
import { expect } from '@playwright/test';
import type { ServerProcess } from './server-process.ts';

/**
 * Every op is in its log once, in its author's order: each space has dense seqs, and each actor's
 * clocks in it are 1, 2, 3 … as the log goes.
 */
export function expectEachOnce(server: Pick<ServerProcess, 'ops'>): void {
  const ops = server.ops();
  const seqs = groupedBy(
    ops,
    ({ space }) => space,
    ({ seq }) => seq,
  );
  const clocks = groupedBy(
    ops,
    ({ space, actor }) => `${space} ${actor}`,
    ({ clock }) => clock,
  );
  for (const numbers of [...seqs.values(), ...clocks.values()]) {
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  }
}

/** The values of each group, in the order in which they stand. */
export function groupedBy<T, V>(
  all: readonly T[],
  keyOf: (each: T) => string,
  valueOf: (each: T) => V,
): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group) group.push(valueOf(each));
    else groups.set(keyOf(each), [valueOf(each)]);
  }
  return groups;
}
