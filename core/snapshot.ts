/**
 * A snapshot: the whole state of a space at one seq, and its text as lines of NDJSON
 * (docs/protocol-spec.md, "Bootstrap"). Names of fields are data, so fields and values are lists of
 * entries and never members of an object. `createSnapshotReader` reads it.
 */
import type { Conflict, ConflictKey, ConflictSide } from './conflict.ts';
import type { Malformed } from './fold.ts';
import type { ActorId, Clock } from './ids.ts';
import { utf8Length } from './json.ts';
import type { RecordKey, RecordState } from './record.ts';
import { membersOf, stampText } from './record-members.ts';
import type { BootstrapHeader } from './wire.ts';

/** All that a replica at the header's seq holds of its space. */
export interface Snapshot extends SnapshotSource {
  readonly header: BootstrapHeader;
}

/** What a snapshot is written from: the header's counts follow from the rest. */
export interface SnapshotSource {
  readonly header: Pick<BootstrapHeader, 'space' | 'epoch' | 'seq' | 'digest' | 'horizon'>;
  /** The last clock folded of each actor: which ops of one's own are in it. */
  readonly actors: ReadonlyMap<ActorId, Clock>;
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  /** In the order of the log. */
  readonly malformed: readonly Malformed[];
}

/** The lines without their ends, the header first. One at a time: no more than a line is held. */
export function* snapshotLines(source: SnapshotSource): Generator<string, void> {
  const { space, epoch, seq, digest, horizon } = source.header;
  const version = stateVersionOf(source);
  const header: BootstrapHeader = {
    ...(version > 1 && { v: version }),
    space,
    epoch,
    seq,
    digest,
    horizon,
    records: source.records.size,
    actors: source.actors.size,
    conflicts: source.conflicts.size,
    malformed: source.malformed.length,
    bytes: bytesAfterHeader(source),
  };
  yield JSON.stringify(header);
  yield* linesAfterHeader(source);
}

/** The lowest version of the payload's grammar that knows all of this state: its mutations made it. */
function stateVersionOf({ records, conflicts }: SnapshotSource): number {
  for (const { sets, counters, journals, taken } of records.values()) {
    if (sets ?? counters ?? journals ?? taken) return 2;
  }
  for (const { kind, closed, loser } of conflicts.values()) {
    if (kind === 'resolve-resolve' || (closed ?? loser.changes)) return 2;
  }
  return 1;
}

/** The header stands before what it counts, so the lines are made twice rather than all kept. */
function bytesAfterHeader(source: SnapshotSource): number {
  let bytes = 0;
  for (const line of linesAfterHeader(source)) bytes += utf8Length(line) + 1;
  return bytes;
}

function* linesAfterHeader(source: SnapshotSource): Generator<string, void> {
  for (const [actor, clock] of source.actors) yield lineOf('actor', { actor, clock });
  for (const state of source.records.values()) yield lineOf('record', recordToLine(state));
  for (const conflict of source.conflicts.values()) {
    yield lineOf('conflict', conflictToLine(conflict));
  }
  for (const { seq, actor, clock, why } of source.malformed) {
    yield lineOf('malformed', { seq, actor, clock, why });
  }
}

/** JSON.stringify escapes line ends and lone surrogates: a line is one line, and valid UTF-8. */
const lineOf = (kind: 'actor' | 'record' | 'conflict' | 'malformed', members: object): string =>
  JSON.stringify({ kind, ...members });

/** Names of its fields are data, and so are those of its sets, counters and journals. */
const recordToLine = (state: RecordState): object => ({
  collection: state.collection,
  id: state.id,
  ...membersOf(state, (name, { value }, place) => [name, value, place]),
});

/** Its own kind is `case`, because `kind` says what the line is. */
function conflictToLine(conflict: Conflict): object {
  const { kind, actor, clock, collection, id, field, open, closed, winner, loser } = conflict;
  return {
    case: kind,
    actor,
    clock,
    collection,
    id,
    field,
    open,
    ...(closed && { closed: stampText(closed) }),
    winner: sideToLine(winner),
    loser: sideToLine(loser),
  };
}

const sideToLine = ({ values, changes, stamp }: ConflictSide): object => ({
  values: values && [...values],
  ...(changes && { changes }),
  op: stamp && stampText(stamp),
});
