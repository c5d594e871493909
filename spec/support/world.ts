/** What a log has become: all that `fold` keeps, held in plain maps, and shown in a few letters. */
import {
  canonicalJson,
  droppableIn,
  fold,
  recordKeyOf,
  visibleFields,
  type Confirmed,
  type Conflict,
  type ConflictKey,
  type ConflictSide,
  type Json,
  type JsonObject,
  type LostChange,
  type Malformed,
  type RecordKey,
  type RecordState,
  type SequencedOp,
  type Stamp,
} from '../../core/index.ts';
import { actorName, log, nameOf, type WrittenOp } from './ops.ts';

export interface World {
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  readonly malformed: readonly Malformed[];
}

export const EMPTY_WORLD: World = { records: new Map(), conflicts: new Map(), malformed: [] };

/** As the fold reads it. */
export const confirmedOf = ({ records, conflicts }: Omit<World, 'malformed'>): Confirmed => ({
  get: (key) => records.get(key),
  conflict: (key) => conflicts.get(key),
  droppable: () => droppableIn({ records, conflicts }),
});

/** The world after `ops`, as a host keeps it: what the fold changed, laid over what there was. */
export function foldOnto(world: World, ops: readonly SequencedOp[]): World {
  const folded = fold(confirmedOf(world), ops);
  return {
    records: laidOver(world.records, folded.records, folded.dropped.records),
    conflicts: laidOver(world.conflicts, folded.conflicts, folded.dropped.conflicts),
    malformed: [...world.malformed, ...folded.malformed],
  };
}

const laidOver = <K, V>(before: ReadonlyMap<K, V>, news: ReadonlyMap<K, V>, gone: ReadonlySet<K>) =>
  new Map([...before, ...news].filter(([key]) => !gone.has(key)));

export const worldOf = (...ops: readonly WrittenOp[]): World => foldOnto(EMPTY_WORLD, log(...ops));

export const recordOf = (world: World, id: string): RecordState | undefined =>
  world.records.get(recordKeyOf(nameOf(id)));

/** The fields a person sees; undefined for a record that is unknown or deleted. */
export function seenOf(world: World, id: string): JsonObject | undefined {
  const fields = visibleFields(recordOf(world, id));
  return fields && Object.fromEntries(fields);
}

/** `edit-edit r.title: "Tarp" (B:1) over "Tent" (A:1)`, and `, open` if it waits for a person. */
export const conflictsOf = (world: World): string[] =>
  [...world.conflicts.values()].map(showConflict);

export function showConflict({ kind, id, field, winner, loser, open }: Conflict): string {
  const name = field === null ? id : `${id}.${field}`;
  return `${kind} ${name}: ${showSide(winner, field)} over ${showSide(loser, field)}${open ? ', open' : ''}`;
}

function showSide({ values, changes = [], stamp }: ConflictSide, field: string | null): string {
  const author = stamp ? `(${actorName(stamp.actor)}:${stamp.clock})` : '(unknown)';
  if (values === null) return `gone ${author}`;
  const value = field === null ? Object.fromEntries(values) : (values.get(field) ?? null);
  return [canonicalJson(value), ...changes.map(showChange), author].join(' ');
}

/** `add tags ["red"]`, and `, kept` where it is under the tombstone. */
function showChange({ kind, field, kept, ...rest }: LostChange): string {
  const [what] = Object.values(rest) as Json[];
  return `${kind} ${field} ${canonicalJson(what ?? null)}${kept ? ', kept' : ''}`;
}

// ── equality ─────────────────────────────────────────────────────────────────────────────────────

/** One text for all that two replicas at one seq must have in common. */
export const canonicalWorld = ({ records, conflicts, malformed }: World): string =>
  canonicalJson({
    records: Object.fromEntries([...records].map(([key, state]) => [key, recordToJson(state)])),
    conflicts: Object.fromEntries(
      [...conflicts].map(([key, conflict]) => [key, conflictToJson(conflict)]),
    ),
    malformed: malformed.map((entry) => ({ ...entry })),
  });

export const recordToJson = ({
  collection,
  id,
  born,
  fields,
  sets,
  counters,
  journals,
  taken,
  grave,
}: RecordState): JsonObject => ({
  collection,
  id,
  born: born.map(stampToJson),
  fields: Object.fromEntries([...fields].map(([name, register]) => [name, { ...register }])),
  sets: listsToJson(sets),
  counters: listsToJson(counters),
  journals: listsToJson(journals),
  taken: taken ?? null,
  grave: grave ? stampToJson(grave) : null,
});

const listsToJson = (lists: ReadonlyMap<string, readonly object[]> | undefined): Json =>
  lists ? (Object.fromEntries(lists) as JsonObject) : null;

const conflictToJson = ({ winner, loser, closed, ...rest }: Conflict): JsonObject => ({
  ...rest,
  closed: closed ? stampToJson(closed) : null,
  winner: sideToJson(winner),
  loser: sideToJson(loser),
});

const sideToJson = ({ values, changes, stamp }: ConflictSide): JsonObject => ({
  values: values && Object.fromEntries(values),
  changes: (changes as readonly JsonObject[] | undefined) ?? null,
  stamp: stamp && stampToJson(stamp),
});

const stampToJson = ({ seq, at, actor, clock }: Stamp): JsonObject => ({ seq, at, actor, clock });

// ── restarts ─────────────────────────────────────────────────────────────────────────────────────

/** The record as it comes back from JSON, where a map is a list of its entries. */
export function reloadFromJson(state: RecordState): RecordState {
  const text = JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map ? { entries: [...value] } : value,
  );
  const maps = new Set(['fields', 'sets', 'counters', 'journals']);
  const read = JSON.parse(text) as Record<string, { entries: [string, Json][] }>;
  return Object.fromEntries(
    Object.entries(read).map(([member, value]) => [
      member,
      maps.has(member) ? new Map(value.entries) : value,
    ]),
  ) as unknown as RecordState;
}
