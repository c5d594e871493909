/** Goes through the snapshots of a space for anything that its log does not say. Changes nothing. */
import { asSeq, EMPTY_DIGEST, WholeState } from '../../core/index.ts';
import type { SpaceId } from '../../core/index.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import { textOfState } from './build.ts';
import { followLog, readBack } from './fold-space.ts';

export interface Examined {
  /** The seqs of those that are as they were made, and as the log folds. */
  readonly sound: readonly number[];
  readonly faults: readonly string[];
}

/** Throws BrokenLogError where the log itself contradicts itself. */
export async function examineSnapshots(source: SnapshotSource, id: SpaceId): Promise<Examined> {
  const space = await source.space(id);
  if (!space) return { sound: [], faults: [] };
  const { sound, damaged } = await source.list(id);
  const faults = damaged.map((n) => `snapshot ${n} is damaged`);
  const seqs: number[] = [];
  let state = new WholeState();
  let digest = EMPTY_DIGEST;
  // From the log's own start, if it has it still; else the oldest is what the later ones are held against.
  let isFolded = space.horizon === 0;
  for (const stored of sound.toReversed()) {
    const { seq } = stored.header;
    const read = await readBack(source, stored, space.epoch);
    if (read?.ok !== true) {
      faults.push(`snapshot at ${seq}: ${read?.fault ?? 'a part of it is damaged'}`);
      continue;
    }
    if (!isFolded) {
      [state, digest, isFolded] = [new WholeState(read.snapshot), stored.header.digest, true];
    }
    digest = await followLog(source, { id, state, digest, to: asSeq(seq) });
    if (state.seq < seq) continue;
    if (isStateOf(id, stored, { space, state, digest })) seqs.push(seq);
    else faults.push(`snapshot at ${seq} is not what the log folds to`);
  }
  if (space.horizon > 0 && seqs.length === 0) faults.push(withoutStart(space.horizon));
  return { sound: seqs, faults };
}

const withoutStart = (horizon: number): string =>
  `its log begins behind ${horizon}, and there is no sound snapshot to begin from: no new device can, until a backup is restored`;

/** Texts of equal states are equal to the byte. */
const isStateOf = (
  id: SpaceId,
  { header, bytes, crc32 }: StoredSnapshot,
  folded: Parameters<typeof textOfState>[1],
): boolean => {
  const { text } = textOfState(id, folded);
  return folded.digest === header.digest && text.bytes === bytes && text.crc32 === crc32;
};
