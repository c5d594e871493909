/**
 * Fields that settle their own conflicts: a function of the app's, which the worker does not have, so
 * the pages run it. Only the device whose value lost does, so that one answer is given and not one
 * for each device; what came while no page was open is settled by the next.
 */
import type { Dexie } from 'dexie';
import { conflictNameOf, type ConflictKey, type Json } from '../../core/index.ts';
import type { Live, Unsubscribe } from './api.ts';
import { onlyRow } from './collections.ts';
import type { Conflict, Conflicts, Take } from './conflicts.ts';
import { OffingError } from './errors.ts';
import { fieldOf } from './field-writes.ts';
import type { Collections } from './schema.ts';
import type { Write } from './writer.ts';

/** A conflict as a resolver sees it; null is the value of a field that was cleared. */
export interface Losing<T> {
  /** This device's value, which does not show. */
  readonly mine: T | null;
  /** The one that shows instead. */
  readonly theirs: T | null;
  /** The record as it is read now; undefined where it is deleted. */
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Says what a conflict ends with: `winner` leaves theirs, `loser` takes mine back, and another value
 * is put. A pure function: several devices of a person may run it, and the first answer counts.
 */
export type Resolver<T> = {
  // A method's, so that a field of texts is a field.
  resolve(losing: Losing<T>): 'winner' | 'loser' | { readonly value: T };
}['resolve'];

interface Resolving {
  readonly collections: Collections;
  readonly tables: Dexie;
  readonly write: Write;
  readonly conflicts: Conflicts;
  readonly live: <T>(query: () => Promise<T>) => Live<T>;
  /** A resolver's fault, or a resolve that was not accepted: its conflict stays open. */
  readonly report: (error: unknown) => void;
}

/** Settles what there is and what comes, until it is stopped. */
export function startResolving(resolving: Resolving): Unsubscribe {
  const { collections, conflicts, live } = resolving;
  const hasResolvers = Object.values(collections).some(({ fields }) =>
    Object.values(fields).some((field) => field.resolve),
  );
  if (!hasResolvers) return () => {};
  /** Once in the life of a page: what fails is not tried at every change. */
  const tried = new Set<ConflictKey>();
  const settleAll = async (open: readonly Conflict[]) => {
    for (const conflict of open) {
      const resolver = resolverOf(collections, conflict);
      if (!resolver || tried.has(conflict.key)) continue;
      tried.add(conflict.key);
      await settle(resolving, conflict, resolver);
    }
  };
  const watching = live(() => conflicts.open()).subscribe((open) => void settleAll(open));
  return () => watching.unsubscribe();
}

function resolverOf(collections: Collections, conflict: Conflict): Resolver<unknown> | undefined {
  const { collection, field, kind, loser } = conflict;
  if (kind !== 'edit-edit' || field === null || !loser.mine) return undefined;
  const def = Object.hasOwn(collections, collection) ? collections[collection] : undefined;
  return def && fieldOf(def, field)?.resolve;
}

async function settle(
  { tables, write, report }: Resolving,
  conflict: Conflict,
  resolver: Resolver<unknown>,
): Promise<void> {
  const { key, space, collection, id, field, winner, loser } = conflict;
  const valueIn = ({ values }: Conflict['winner']): Json => values?.[field ?? ''] ?? null;
  try {
    const record = await onlyRow(tables, collection, { id, space });
    const losing = { mine: valueIn(loser), theirs: valueIn(winner), record: record as never };
    const take = takenBy(resolver, losing, `${collection}.${field}`);
    const resolve = { kind: 'resolve', conflict: conflictNameOf(key), take } as const;
    await write({ spaces: new Set([space]), ops: [{ space, do: [resolve], once: true }] });
  } catch (error) {
    // Another tab or the person was faster: what they said counts.
    if (!(error instanceof OffingError && error.code === 'already_resolved')) report(error);
  }
}

function takenBy(resolver: Resolver<unknown>, losing: Losing<unknown>, field: string): Take {
  let take: unknown;
  try {
    take = resolver(losing);
  } catch (cause) {
    throw new OffingError('resolver_failed', `${field}: the resolver failed.`, { cause });
  }
  if (take === 'winner' || take === 'loser') return take;
  if (typeof take === 'object' && take !== null && 'value' in take) return take as Take;
  throw new OffingError('resolver_failed', `${field}: the resolver gave no side and no value.`);
}
