/** Reads the answer of `GET /sync/bootstrap/:space` line by line, as it comes. */
import {
  createSnapshotReader,
  type Snapshot,
  type SnapshotRead,
  type SpaceId,
} from '../../core/index.ts';
import { readLines } from './read-lines.ts';

/**
 * The snapshot, if the whole body is one of that space, or that it holds state which this code is too
 * old for; `onProgress` is called for each chunk.
 */
export async function readBootstrap(
  body: ReadableStream<Uint8Array>,
  space: SpaceId,
  onProgress: () => void,
): Promise<Snapshot | 'too-new' | undefined> {
  const reader = createSnapshotReader();
  for await (const lines of readLines(body)) {
    onProgress();
    for (const line of lines) {
      // Nothing that comes later mends it.
      if (reader.add(line) !== undefined) return wrong(reader.end());
    }
  }
  const read = reader.end();
  if (!read.ok) return wrong(read);
  return read.snapshot.header.space === space ? read.snapshot : undefined;
}

const wrong = (read: SnapshotRead): 'too-new' | undefined =>
  !read.ok && read.version !== undefined ? 'too-new' : undefined;
