/**
 * Gathers a snapshot from its lines as they come. A stream can be cut anywhere, so nothing passes
 * as whole that does not have as many lines of each kind as its header counts; and a line that says
 * what cannot be at the header's seq is a fault like one that does not parse.
 */
import { conflictKeyOf, type Conflict, type ConflictKey } from './conflict.ts';
import type { Malformed } from './fold.ts';
import type { ActorId, Clock, Seq } from './ids.ts';
import { PAYLOAD_VERSIONS } from './payload.ts';
import { recordKeyOf, type RecordKey, type RecordState } from './record.ts';
import type { Snapshot } from './snapshot.ts';
import { parseSnapshotLine, type SnapshotLine } from './snapshot-line.ts';
import { BootstrapHeaderSchema, parse, type BootstrapHeader } from './wire.ts';

export type SnapshotRead =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | {
      readonly ok: false;
      readonly fault: string;
      /** It holds state of a grammar that this code is too old for: not at fault, but not for us. */
      readonly version?: number;
    };

export interface SnapshotReader {
  /** Takes the next line, without its end. What is wrong with it, if it is: nothing later mends that. */
  add(line: string): string | undefined;
  /** How many records were among them. */
  readonly records: number;
  /** The snapshot, once every line was added. */
  end(): SnapshotRead;
}

/** Total: whatever the lines are, it answers and never throws. */
export function createSnapshotReader(): SnapshotReader {
  const actors = new Map<ActorId, Clock>();
  const records = new Map<RecordKey, RecordState>();
  const conflicts = new Map<ConflictKey, Conflict>();
  const malformed = new Map<Seq, Malformed>();
  /** The last clock of each actor that anything names. */
  const named = new Map<ActorId, Clock>();
  let header: BootstrapHeader | undefined;
  let count = 0;
  let fault: string | undefined;
  let unknown: number | undefined;

  function take(line: string): string | undefined {
    if (!header) {
      const parsed = readHeader(line);
      if (typeof parsed === 'string') return parsed;
      if (typeof parsed === 'number') {
        unknown = parsed;
        return `header: of version ${parsed}`;
      }
      header = parsed;
      return undefined;
    }
    const parsed = parseSnapshotLine(line);
    if (typeof parsed === 'string') return parsed;
    for (const { seq, actor, clock } of opsOf(parsed)) {
      if (seq !== undefined && seq > header.seq) return 'an op above the seq of the header';
      if (clock > (named.get(actor) ?? 0)) named.set(actor, clock);
    }
    return keep(parsed, header);
  }

  function keep(line: SnapshotLine, counts: BootstrapHeader): string | undefined {
    switch (line.kind) {
      case 'actor':
        return setOnce(actors, line.actor, line.clock, counts.actors);
      case 'record':
        return setOnce(records, recordKeyOf(line.record), line.record, counts.records);
      case 'conflict':
        return setOnce(conflicts, conflictKeyOf(line.conflict), line.conflict, counts.conflicts);
      case 'malformed':
        return setOnce(malformed, line.malformed.seq, line.malformed, counts.malformed);
    }
  }

  function end(): SnapshotRead {
    if (fault !== undefined || !header) {
      const version = unknown === undefined ? {} : { version: unknown };
      return { ok: false, fault: fault ?? 'no header', ...version };
    }
    const wrong = faultOfWhole(header);
    if (wrong !== undefined) return { ok: false, fault: wrong };
    const inOrder = [...malformed.values()].sort((a, b) => a.seq - b.seq);
    return { ok: true, snapshot: { header, actors, records, conflicts, malformed: inOrder } };
  }

  function faultOfWhole(counts: BootstrapHeader): string | undefined {
    const came = { actors, records, conflicts, malformed };
    for (const kind of ['actors', 'records', 'conflicts', 'malformed'] as const) {
      const { size } = came[kind];
      if (size !== counts[kind]) return `${kind}: ${size} came of ${counts[kind]}`;
    }
    // Else a device would send again, on top of it, an op of its own that is in it.
    for (const [actor, clock] of named) {
      if (clock > (actors.get(actor) ?? 0)) return `actor ${actor}: has an op above its clock`;
    }
    return undefined;
  }

  return {
    add(line) {
      count += 1;
      const wrong = fault === undefined ? take(line) : undefined;
      if (wrong !== undefined) fault = `line ${count}: ${wrong}`;
      return fault;
    },
    get records() {
      return records.size;
    },
    end,
  };
}

/** The header, its version where that is not known, or what is wrong with it. */
export function readHeader(line: string): BootstrapHeader | number | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'header: not JSON';
  }
  const parsed = parse(BootstrapHeaderSchema, value);
  if (!parsed.ok) return `header: ${parsed.path} ${parsed.fault}`;
  const { v: version = 1 } = parsed.value;
  return PAYLOAD_VERSIONS.includes(version) ? parsed.value : version;
}

interface NamedOp {
  readonly seq?: Seq;
  readonly actor: ActorId;
  readonly clock: Clock;
}

/** The ops that a line says something of; an actor's own line is what they are held against. */
export function opsOf(line: SnapshotLine): readonly NamedOp[] {
  switch (line.kind) {
    case 'actor':
      return [];
    case 'record': {
      const { born, fields, sets, counters, journals, grave } = line.record;
      const lists = [sets, counters, journals].flatMap((map) => [...(map?.values() ?? [])]);
      return [...born, ...fields.values(), ...lists.flat(), ...(grave ? [grave] : [])];
    }
    case 'conflict': {
      const { actor, clock, winner, loser, closed = null } = line.conflict;
      const stamps = [winner.stamp, loser.stamp, closed].filter((stamp) => stamp !== null);
      return [{ actor, clock }, ...stamps];
    }
    case 'malformed':
      return [line.malformed];
  }
}

/** Beyond `most` it says so at once: a stream without an end is not gathered. */
function setOnce<K, V>(map: Map<K, V>, key: K, value: V, most: number): string | undefined {
  if (map.has(key)) return 'comes twice';
  if (map.size >= most) return 'more than the header counts';
  map.set(key, value);
  return undefined;
}
