/** Reads the text of a stored snapshot, a part at a time: as it is, or compressed as it is stored. */
import type { Epoch } from '../../core/index.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import { gzipEnd, gzipStart, inflated } from './parts.ts';

/** What stands behind the header, from byte `from` of it up to byte `to`, which is not in it. */
export async function* textOf(
  source: Pick<SnapshotSource, 'part'>,
  snapshot: StoredSnapshot,
  from = 0,
  to = snapshot.bytes,
): AsyncGenerator<Buffer, void> {
  for (const [index, { start, bytes }] of snapshot.parts.entries()) {
    if (start + bytes <= from || start >= to) continue;
    const text = inflated(await source.part(snapshot, index));
    yield text.subarray(Math.max(from - start, 0), to - start);
  }
}

/** The whole, its header before it, as one stream of gzip. */
export async function* gzipOf(
  source: Pick<SnapshotSource, 'part'>,
  snapshot: StoredSnapshot,
  header: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  yield gzipStart(header);
  for (const index of snapshot.parts.keys()) yield await source.part(snapshot, index);
  yield gzipEnd(header, snapshot);
}

/** The first line, with its end, as it is in this epoch. */
export const headerOf = ({ header }: StoredSnapshot, epoch: Epoch): Buffer =>
  Buffer.from(`${JSON.stringify({ ...header, epoch })}\n`);
