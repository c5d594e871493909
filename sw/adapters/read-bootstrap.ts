/** Reads the answer of `GET /sync/bootstrap/:space` line by line, as it comes. */
import { createSnapshotReader, type Snapshot, type SpaceId } from '../../core/index.ts';
import { readLines } from './read-lines.ts';

/** The snapshot, if the whole body is one of that space; `onProgress` is called for each chunk. */
export async function readBootstrap(
  body: ReadableStream<Uint8Array>,
  space: SpaceId,
  onProgress: () => void,
): Promise<Snapshot | undefined> {
  const reader = createSnapshotReader();
  for await (const lines of readLines(body)) {
    onProgress();
    for (const line of lines) {
      // Nothing that comes later mends it.
      if (reader.add(line) !== undefined) return undefined;
    }
  }
  const read = reader.end();
  return read.ok && read.snapshot.header.space === space ? read.snapshot : undefined;
}
