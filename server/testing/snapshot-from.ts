/** What a new device is sent of a long log's space, read; and what a state says, to be compared. */
import { createSnapshotReader, snapshotLines } from '../../core/index.ts';
import type { Snapshot, WholeState } from '../../core/index.ts';
import { S } from './long-log.ts';
import type { LongLog } from './long-log.ts';

export async function snapshotFrom({ app, token }: LongLog): Promise<Snapshot> {
  const response = await app.call(`/sync/bootstrap/${S}`, { token });
  const reader = createSnapshotReader();
  for (const line of (await response.text()).split('\n').slice(0, -1)) reader.add(line);
  const read = reader.end();
  if (!read.ok) throw new Error(read.fault);
  return read.snapshot;
}

/** All that a state says, in an order of its own. */
export const linesOf = (
  { actors, records, conflicts, malformed }: WholeState | Snapshot,
  header: Snapshot['header'],
) => [...snapshotLines({ actors, records, conflicts, malformed, header })].sort();
