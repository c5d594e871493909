/** Everything that a server knows, in the order of an archive. */
import type { SpaceId } from '../../core/index.ts';
import { readBack } from '../snapshots/fold-space.ts';
import { textOf } from '../snapshots/read.ts';
import type { ArchiveSource } from '../store/archive-source.ts';
import { BrokenLogError } from '../store/faults.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import type { Fact, FactOf } from './facts.ts';

/** Throws BrokenLogError where a log has lost its start, and no snapshot stands for it. */
export async function* factsOf(source: ArchiveSource): AsyncGenerator<Fact, void> {
  yield* source.common();
  for (const space of source.spaces()) {
    yield space;
    yield* source.about(space);
    yield* snapshotsOf(source.snapshots, space);
    yield* source.ops(space);
  }
}

/** Of a log that has its start they can be made again. */
async function* snapshotsOf(
  source: SnapshotSource,
  { id, epoch, horizon, deletedAt }: FactOf<'space'>,
): AsyncGenerator<Fact, void> {
  if (horizon === 0 || deletedAt !== null) return;
  const sound = await soundOf(source, id, epoch);
  if (sound.length === 0) {
    throw new BrokenLogError(`space ${id}: its log begins behind ${horizon}, and no snapshot`);
  }
  for (const stored of sound) {
    yield { kind: 'snapshot', builtAt: stored.builtAt, header: { ...stored.header, epoch } };
    for await (const text of textOf(source, stored)) {
      // Each piece ends with a line.
      for (const line of text.toString().split('\n').slice(0, -1)) yield { kind: 'state', line };
    }
  }
}

/** The oldest first. Read through before the first line of one is written. */
async function soundOf(
  source: SnapshotSource,
  id: SpaceId,
  epoch: FactOf<'space'>['epoch'],
): Promise<readonly StoredSnapshot[]> {
  const { sound } = await source.list(id);
  const whole: StoredSnapshot[] = [];
  for (const stored of sound.toReversed()) {
    if ((await readBack(source, stored, epoch))?.ok === true) whole.push(stored);
  }
  return whole;
}
