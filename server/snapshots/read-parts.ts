/**
 * Reads what is stored of a space's snapshots, to the last byte. Of the older of the two nobody else
 * does, and of the newest not before the next device begins: by then the log that it could have been
 * made from again may be gone.
 */
import type { SpaceId } from '../../core/index.ts';
import { DamagedSnapshotError, SnapshotGoneError } from '../store/faults.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';

export interface ReadBack {
  /** Those that lie on the log and are what was kept, by their names in the store. */
  readonly whole: ReadonlySet<number>;
  readonly damaged: readonly number[];
}

type Parts = Pick<SnapshotSource, 'list' | 'part'>;

/**
 * Nothing is decompressed: the text was read back before it was kept, and each part is held against
 * its checksum. Other work goes on between two parts.
 */
export async function readParts(source: Parts, space: SpaceId): Promise<ReadBack> {
  const { sound, damaged } = await source.list(space);
  const [whole, found] = [new Set<number>(), [...damaged]];
  for (const snapshot of sound) {
    const became = await readAll(source, snapshot);
    if (became === 'whole') whole.add(snapshot.n);
    if (became === 'damaged') found.push(snapshot.n);
  }
  return { whole, damaged: found };
}

async function readAll(
  source: Parts,
  snapshot: StoredSnapshot,
): Promise<'whole' | 'damaged' | 'gone'> {
  try {
    for (const index of snapshot.parts.keys()) {
      await source.part(snapshot, index);
      await afterOthers();
    }
    return 'whole';
  } catch (error) {
    if (error instanceof DamagedSnapshotError) return 'damaged';
    if (error instanceof SnapshotGoneError) return 'gone';
    throw error;
  }
}

const afterOthers = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
