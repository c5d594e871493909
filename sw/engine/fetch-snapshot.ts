/** A space's newest snapshot, read whole into memory: what a replica that has something already is built anew from. */
import {
  begunFrom,
  endOf,
  filledBy,
  NOT_BEGUN,
  type Failure,
  type Filling,
  type Outcome,
  type Snapshot,
  type SnapshotPart,
  type SnapshotPlace,
} from '../../core/index.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';

/** How a snapshot's text is read. */
export interface SnapshotReading {
  /** Where to go on: without the header. */
  readonly from?: SnapshotPlace | undefined;
  /**
   * Takes the next lines, without their ends; nothing more is read meanwhile. False where no more are
   * wanted. A line that was cut off never comes here.
   */
  take(lines: readonly string[]): Promise<boolean>;
}

/** What is none of ours counts as no network: something on the way, or a server at fault. */
export const NOT_OURS: Failure = { kind: 'network', why: 'not-ours' };
/** What a server would say that would not talk to this version any more. */
const TOO_OLD: Failure = { kind: 'refused', code: 'client_too_old' };

export async function fetchSnapshot(
  { transport }: Pick<Ports, 'transport'>,
  connection: Connection,
  { space, actor }: Pick<SpaceRow, 'space' | 'actor'>,
): Promise<Outcome<Snapshot>> {
  const parts: SnapshotPart[] = [];
  let at: Filling = NOT_BEGUN;
  let fault: Failure | undefined;

  function takeLines([first = '', ...others]: readonly string[]): Failure | undefined {
    if (!at.of) {
      const begun = begunFrom(at, first);
      if (typeof begun === 'number') return TOO_OLD;
      if (typeof begun === 'string' || begun.of?.space !== space) return NOT_OURS;
      at = begun;
      return others.length > 0 ? takeLines(others) : undefined;
    }
    const filled = filledBy({ ...at, of: at.of }, [first, ...others], actor);
    if (typeof filled === 'string') return NOT_OURS;
    at = filled.filling;
    parts.push(filled.part);
    return undefined;
  }

  const answer = await transport.bootstrap(connection, space, {
    take: async (lines) => (fault = takeLines(lines)) === undefined,
  });
  if (!answer.ok) return answer;
  if (fault) return { ok: false, failure: fault };
  const whole = at.of && endOf(at) === 'whole' && joined(at.of, parts);
  return whole ? { ok: true, value: whole } : { ok: false, failure: NOT_OURS };
}

/** Undefined where something came twice: there are fewer of it than were counted. */
function joined(header: Snapshot['header'], parts: readonly SnapshotPart[]): Snapshot | undefined {
  const actors = new Map(parts.flatMap((part) => [...part.actors]));
  const records = new Map(parts.flatMap((part) => [...part.records]));
  const conflicts = new Map(parts.flatMap((part) => [...part.conflicts]));
  const malformed = parts.flatMap((part) => part.malformed).toSorted((a, b) => a.seq - b.seq);
  const isWhole =
    actors.size === header.actors &&
    records.size === header.records &&
    conflicts.size === header.conflicts;
  return isWhole ? { header, actors, records, conflicts, malformed } : undefined;
}
