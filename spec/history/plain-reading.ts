/**
 * What the history amounts to when somebody simply reads it from the top: the yardstick for the
 * fold and the engine, and so without a line of theirs.
 */
import {
  COLLECTIONS,
  withoutGaps,
  type Change,
  type Collection,
  type Edit,
  type Fields,
} from './read-history.ts';

/** The records of each collection, by key. */
export type PlainRecords = Readonly<Record<Collection, ReadonlyMap<string, Fields>>>;

/** The records after the last of `edits`. Throws where an edit makes no sense. */
export function readPlainly(edits: readonly Edit[]): PlainRecords {
  const records = { lists: new Map<string, Fields>(), items: new Map<string, Fields>() };
  for (const { changes } of edits) {
    for (const change of changes) apply(records[change.collection], change);
  }
  return records;
}

function apply(records: Map<string, Fields>, change: Change): void {
  const before = records.get(change.key);
  const isCreation = change.kind === 'create';
  if (isCreation === (before !== undefined)) throw new Error(`${change.kind} of ${change.key}`);
  if (change.kind === 'delete') records.delete(change.key);
  else records.set(change.key, { ...before, ...withoutGaps(change.fields) });
}

/** One text a record, sorted: two states are the same when these are. */
export const linesOf = (records: PlainRecords): string[] =>
  COLLECTIONS.flatMap((collection) =>
    [...records[collection]].map(([key, fields]) => {
      const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([collection, key, ...sorted]);
    }),
  ).sort();
