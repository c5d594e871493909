/** A space's newest snapshot, read whole into memory: what a replica that has something already is built anew from. */
import {
  createSnapshotReader,
  type Failure,
  type Outcome,
  type Snapshot,
  type SnapshotPlace,
  type SpaceId,
} from '../../core/index.ts';
import type { Connection, Ports } from './ports.ts';

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
  space: SpaceId,
): Promise<Outcome<Snapshot>> {
  const reader = createSnapshotReader();
  const answer = await transport.bootstrap(connection, space, {
    // Nothing that comes later mends a fault.
    take: async (lines) => lines.every((line) => reader.add(line) === undefined),
  });
  if (!answer.ok) return answer;
  const read = reader.end();
  if (!read.ok) return { ok: false, failure: read.version === undefined ? NOT_OURS : TOO_OLD };
  const isOfSpace = read.snapshot.header.space === space;
  return isOfSpace ? { ok: true, value: read.snapshot } : { ok: false, failure: NOT_OURS };
}
