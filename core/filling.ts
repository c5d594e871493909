/**
 * Filling a new replica from a snapshot, part by part: where it stands, and what the next lines come
 * to. The lines of a part and its standing go into one transaction, so that whoever is cut off goes on
 * at the byte behind them, and takes no line twice.
 */
import { conflictKeyOf, type Conflict, type ConflictKey } from './conflict.ts';
import type { Malformed } from './fold.ts';
import { asClock, type ActorId, type Clock, type Epoch, type Seq, type SpaceId } from './ids.ts';
import { utf8Length } from './json.ts';
import { opsOf, readHeader } from './read-snapshot.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';
import { parseSnapshotLine, type SnapshotLine } from './snapshot-line.ts';
import type { Amount } from './status.ts';
import type { BootstrapHeader } from './wire.ts';

export interface FillSizes {
  /** A log of no more ops than these is replayed: that is cheaper than to ask for its snapshot. */
  readonly replayed: number;
  /** A part's lines: the first are few, for somebody waits to see them, then ever more. */
  readonly fewest: number;
  readonly most: number;
  /** What is fetched whole before it is used is kept in pieces of so many characters: a commit for each. */
  readonly piece: number;
}

export const FILL_SIZES: FillSizes = {
  replayed: 500,
  fewest: 64,
  most: 512,
  piece: 256 * 1024,
};

/** How many lines of each kind have come. */
type Counts = Pick<BootstrapHeader, 'actors' | 'records' | 'conflicts' | 'malformed'>;

export interface Filling {
  /** Which snapshot; absent until its header is here. */
  readonly of?: BootstrapHeader;
  /** How much of its text is here, in bytes, and how much of that is the header. */
  readonly offset: number;
  readonly start: number;
  readonly came: Counts;
  /** The last clock of ours that is in it, by our actor's own line and by all other lines. */
  readonly own: Clock;
  readonly named: Clock;
  /** The server takes none of our ops before it is through. */
  readonly isFenced?: true;
  /** It was begun anew: records that were on their way to another space have stayed. */
  readonly isAnew?: true;
}

export const NOT_BEGUN: Filling = {
  offset: 0,
  start: 0,
  came: { actors: 0, records: 0, conflicts: 0, malformed: 0 },
  own: asClock(0),
  named: asClock(0),
};

/** A byte of the text of one snapshot. */
export interface SnapshotPlace {
  readonly epoch: Epoch;
  readonly seq: Seq;
  readonly offset: number;
}

/** Where to go on; undefined where the newest snapshot is to be begun. */
export const toFetch = ({ of, offset }: Filling): SnapshotPlace | undefined =>
  of && { epoch: of.epoch, seq: of.seq, offset };

/** The standing behind the header; or the header's version where that is not known, or what is wrong. */
export function begunFrom(before: Filling, line: string): Filling | number | string {
  const of = readHeader(line);
  if (typeof of !== 'object') return of;
  const start = bytesOf(line);
  return { ...before, of, start, offset: start };
}

/** What lines of a snapshot hold. */
export interface SnapshotPart {
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  readonly malformed: readonly Malformed[];
}

/** The standing behind these lines, and what they hold. */
export interface Filled {
  readonly filling: Filling;
  readonly part: SnapshotPart;
}

/** What the next lines come to, or what is wrong with one of them: nothing later mends that. */
export function filledBy(
  { of, ...before }: Filling & { readonly of: BootstrapHeader },
  lines: readonly string[],
  actor: ActorId,
): Filled | string {
  const actors = new Map<ActorId, Clock>();
  const records = new Map<RecordKey, RecordState>();
  const conflicts = new Map<ConflictKey, Conflict>();
  const malformed: Malformed[] = [];
  const came = { ...before.came };
  let { offset, own, named } = before;

  function keep(line: SnapshotLine): string | undefined {
    switch (line.kind) {
      case 'actor':
        came.actors += 1;
        if (line.actor === actor) own = line.clock;
        return setOnce(actors, line.actor, line.clock);
      case 'record':
        came.records += 1;
        return setOnce(records, recordKeyOf(line.record), line.record);
      case 'conflict':
        came.conflicts += 1;
        return setOnce(conflicts, conflictKeyOf(line.conflict), line.conflict);
      case 'malformed':
        came.malformed += 1;
        malformed.push(line.malformed);
        return undefined;
    }
  }

  for (const text of lines) {
    const line = parseSnapshotLine(text);
    if (typeof line === 'string') return line;
    for (const op of opsOf(line)) {
      if (op.seq !== undefined && op.seq > of.seq) return 'an op above the seq of the header';
      if (op.actor === actor && op.clock > named) named = op.clock;
    }
    const fault = keep(line);
    if (fault !== undefined) return fault;
    offset += bytesOf(text);
    // A stream without an end is not taken for ever.
    if (offset > before.start + of.bytes) return 'more than the header counts';
  }
  const filling = { ...before, of, offset, came, own, named };
  return { filling, part: { records, conflicts, malformed } };
}

/** Whether all of the snapshot is here: it is cut off before its end, whole, or says otherwise than it has. */
export function endOf({ of, offset, start, came, own, named }: Filling): 'cut' | 'whole' | 'wrong' {
  if (!of || offset < start + of.bytes) return 'cut';
  const kinds = ['actors', 'records', 'conflicts', 'malformed'] as const;
  const isCounted = kinds.every((kind) => came[kind] === of[kind]);
  // With an op of ours in it that its line does not cover, we would send that again on top of it.
  return isCounted && named <= own ? 'whole' : 'wrong';
}

/** How much has come of these together. */
export function amountOf(spaces: ReadonlyMap<SpaceId, Filling>): Amount {
  const all = [...spaces.values()];
  const sum = (of: (one: Filling) => number): number => all.reduce((n, one) => n + of(one), 0);
  return {
    spaces: [...spaces.keys()],
    records: sum(({ came }) => came.records),
    ofRecords: sum(({ of }) => of?.records ?? 0),
    bytes: sum(({ offset, start }) => offset - start),
    ofBytes: sum(({ of }) => of?.bytes ?? 0),
  };
}

/** As it is sent, with its end. */
export const bytesOf = (line: string): number => utf8Length(line) + 1;

function setOnce<K, V>(map: Map<K, V>, key: K, value: V): string | undefined {
  if (map.has(key)) return 'comes twice';
  map.set(key, value);
  return undefined;
}
