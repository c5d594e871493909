/**
 * Which conflicts the outbox resolves. Apart from the rest of it, for pages ask this too, and need
 * not carry what only a host does with an outbox.
 */
import { conflictKeyOf, type ConflictKey } from './conflict.ts';
import type { MutationJson } from './mutation.ts';
import type { OutboxRow } from './outbox.ts';

/** The conflicts that are resolved here, though the log does not know it yet: `rows` are of the outbox. */
export function resolvedBy(rows: readonly OutboxRow[]): Set<ConflictKey> {
  const named = rows.flatMap(({ payloads, gone = [], resolves = [] }) =>
    // What was set aside resolves nothing; what is folded has closed its conflict.
    gone.length === 0
      ? resolves
      : payloads.flatMap((text, i) => (gone.includes(i) ? [] : resolvesIn(text))),
  );
  return new Set(named);
}

/** Of a payload that was accepted: a page that looks for these need not carry the grammar. */
function resolvesIn(payload: string): ConflictKey[] {
  const { do: mutations } = JSON.parse(payload) as { readonly do: readonly MutationJson[] };
  return mutations.flatMap((one) => (one.kind === 'resolve' ? [conflictKeyOf(one.conflict)] : []));
}
