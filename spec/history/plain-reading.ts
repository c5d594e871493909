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

/** A change with what its record was before it and is after it. */
export interface ChangeInPlace {
  readonly change: Change;
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

/** The records after the last of `edits`. Throws where an edit makes no sense. */
export function readPlainly(edits: readonly Edit[]): PlainRecords {
  const records = noRecords();
  for (const edit of edits) applyEdit(records, edit);
  return records;
}

/** The changes of each edit, in their places. */
export function readAlong(edits: readonly Edit[]): (readonly ChangeInPlace[])[] {
  const records = noRecords();
  return edits.map((edit) => applyEdit(records, edit));
}

const noRecords = () => ({ lists: new Map<string, Fields>(), items: new Map<string, Fields>() });

const applyEdit = (
  records: ReturnType<typeof noRecords>,
  { changes }: Edit,
): readonly ChangeInPlace[] => changes.map((change) => apply(records[change.collection], change));

function apply(records: Map<string, Fields>, change: Change): ChangeInPlace {
  const before = records.get(change.key);
  const isCreation = change.kind === 'create';
  if (isCreation === (before !== undefined)) throw new Error(`${change.kind} of ${change.key}`);
  if (change.kind === 'delete') records.delete(change.key);
  else records.set(change.key, { ...before, ...withoutGaps(change.fields) });
  return { change, before, after: records.get(change.key) };
}

/** One text a record, sorted: two states are the same when these are. */
export const linesOf = (records: PlainRecords): string[] =>
  COLLECTIONS.flatMap((collection) =>
    [...records[collection]].map(([key, fields]) => {
      const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
      return JSON.stringify([collection, key, ...sorted]);
    }),
  ).sort();
