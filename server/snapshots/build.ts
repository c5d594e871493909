/**
 * Builds a snapshot of what a log folds to.
 *
 *   snapshot at 1,000 ─► state ─► ops 1,001 … 2,300, link by link ─► the log's own digest? ─► text
 *
 * It is not trusted before it was held against the log: the chain over the ops that went into it has
 * to be the log's at its seq, and its text has to be read back as what was written.
 */
import { snapshotLines } from '../../core/index.ts';
import type { SpaceId } from '../../core/index.ts';
import type { NewSnapshot, SnapshotSource } from '../store/snapshot-port.ts';
import { foldSpace, readText } from './fold-space.ts';
import type { FoldedSpace } from './fold-space.ts';
import { inflated, partsOf } from './parts.ts';
import type { Text } from './parts.ts';

export interface Built {
  /** `null` where the log has nothing new, or nothing that this code knows how to fold. */
  readonly snapshot: NewSnapshot | null;
  /** Snapshots that were found to be damaged on the way. */
  readonly damaged: readonly number[];
}

/** Throws BrokenLogError as `foldSpace` does. */
export async function buildSnapshot(source: SnapshotSource, id: SpaceId): Promise<Built> {
  const folded = await foldSpace(source, id);
  if (!folded) return { snapshot: null, damaged: [] };
  const { state, start, damaged } = folded;
  return { snapshot: state.seq === start ? null : await snapshotOf(id, folded), damaged };
}

async function snapshotOf(id: SpaceId, folded: FoldedSpace): Promise<NewSnapshot> {
  const { first, text } = textOfState(id, folded);
  const read = await readText(
    first,
    text.parts.map(({ body }) => inflated(body)),
  );
  // A state that this very code cannot read would lock out every new device.
  if (!read.ok) throw new Error(`the snapshot of space ${id} cannot be read: ${read.fault}`);
  const { epoch: _, ...header } = read.snapshot.header;
  return { header, text };
}

/** The header's line, and what stands behind it. */
export function textOfState(
  id: SpaceId,
  { space: { epoch, horizon }, state, digest }: Pick<FoldedSpace, 'space' | 'state' | 'digest'>,
): { readonly first: Buffer; readonly text: Text } {
  const { seq, actors, records, conflicts, malformed } = state;
  const header = { space: id, epoch, seq, digest, horizon };
  const lines = snapshotLines({ header, actors, records, conflicts, malformed });
  const first = Buffer.from(`${lines.next().value ?? ''}\n`);
  return { first, text: partsOf(lines) };
}
