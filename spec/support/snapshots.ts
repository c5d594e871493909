/** Snapshots of the worlds that logs become, and what their lines are read as. */
import {
  asEpoch,
  createSnapshotReader,
  snapshotLines,
  type ActorId,
  type Clock,
  type SequencedOp,
  type SnapshotRead,
  type SnapshotSource,
  type SpaceId,
} from '../../core/index.ts';
import { EMPTY_WORLD, foldOnto } from './world.ts';

export const SPACE = '01990000-0000-7000-8000-0000000005ac' as SpaceId;

/** What a server that has folded this log, from its start, makes a snapshot of. */
export function snapshotOf(ops: readonly SequencedOp[]): SnapshotSource {
  const seq = ops.at(-1)?.seq ?? 0;
  return {
    header: {
      space: SPACE,
      epoch: asEpoch('e1'),
      seq: seq as SequencedOp['seq'],
      digest: 'ab'.repeat(16),
      horizon: 0 as SequencedOp['seq'],
    },
    actors: new Map<ActorId, Clock>(ops.map(({ actor, clock }) => [actor, clock])),
    ...foldOnto(EMPTY_WORLD, ops),
  };
}

export const linesOf = (source: SnapshotSource): string[] => [...snapshotLines(source)];

/** As it is sent: each line with its end. */
export const textOf = (source: SnapshotSource): string =>
  linesOf(source)
    .map((line) => `${line}\n`)
    .join('');

export function readLines(lines: readonly string[]): SnapshotRead {
  const reader = createSnapshotReader();
  for (const line of lines) reader.add(line);
  return reader.end();
}

/** A text that was cut anywhere: what stands after the last line end is a line too. */
export function readText(text: string): SnapshotRead {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return readLines(lines);
}
