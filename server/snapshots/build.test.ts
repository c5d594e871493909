/** What goes into a snapshot, from a log in memory. */
import { describe, expect, it } from 'vitest';
import { asSeq, digestThrough, EMPTY_DIGEST } from '../../core/index.ts';
import type { SequencedOp } from '../../core/index.ts';
import { sha256, unplaced } from '../log/op-hash.ts';
import { BrokenLogError, DamagedSnapshotError } from '../store/faults.ts';
import type { NewSnapshot, SnapshotSource } from '../store/snapshot-port.ts';
import { listOps } from '../testing/list-ops.ts';
import { actorId, space, spaceId } from '../testing/log-words.ts';
import { buildSnapshot } from './build.ts';

const S = spaceId(1);
const digestOf = (ops: readonly SequencedOp[]) => digestThrough(EMPTY_DIGEST, ops, sha256);

const logOf = (count: number): SequencedOp[] =>
  listOps(1, count).map((op, i) => ({ ...unplaced(actorId(1), op), seq: asSeq(i + 1) }));

/** A log, with the snapshots that were made of it. */
function sourceOf(
  log: readonly SequencedOp[],
  snapshots: readonly NewSnapshot[] = [],
  more: Partial<SnapshotSource> = {},
): SnapshotSource {
  const head = log.length;
  return {
    space: async () => space({ head, digest: digestOf(log) }),
    async page(_, since, most) {
      const ops = log.slice(since, since + most);
      return { ops, digest: digestOf(log.slice(0, since + ops.length)) };
    },
    list: async () => ({
      sound: snapshots.map(({ header, text }, n) => ({ n, header, builtAt: 0, ...text })),
      damaged: [],
    }),
    async part({ n }, index) {
      const body = snapshots[n]?.text.parts[index]?.body;
      if (!body) throw new Error('no such part');
      return body;
    },
    ...more,
  };
}

async function built(source: SnapshotSource): Promise<NewSnapshot> {
  const { snapshot } = await buildSnapshot(source, S);
  if (!snapshot) throw new Error('nothing was built');
  return snapshot;
}

describe('building a snapshot', () => {
  it('[SN1] gives the same text upon any earlier one', async () => {
    const log = logOf(2500);
    const whole = await built(sourceOf(log));
    expect(whole.header).toMatchObject({ seq: 2500, digest: digestOf(log) });
    for (const seq of [1, 999, 1000, 2499]) {
      const early = await built(sourceOf(log.slice(0, seq)));
      const late = await built(sourceOf(log, [early]));
      expect(late.text.crc32).toBe(whole.text.crc32);
      expect(late.header).toEqual(whole.header);
    }
  });

  it('[SN3] refuses ops that are not those of the digest', async () => {
    const log = logOf(30);
    const { page } = sourceOf(log);
    const changes: ((ops: readonly SequencedOp[]) => readonly SequencedOp[])[] = [
      (ops) => ops.slice(0, -1),
      (ops) => ops.slice(1),
      (ops) => ops.with(7, { ...ops[7]!, payload: '{"do":[]}' }),
      () => [],
    ];
    for (const change of changes) {
      const source = sourceOf(log, [], {
        async page(id, since, most) {
          const { ops, digest } = await page(id, since, most);
          return { ops: change(ops), digest };
        },
      });
      await expect(buildSnapshot(source, S)).rejects.toThrow(BrokenLogError);
    }
  });

  it('[SN4] goes on from the one before where the newest is damaged, and says which that is', async () => {
    const log = logOf(300);
    const [older, newer] = [await built(sourceOf(log.slice(0, 100))), await built(sourceOf(log))];
    const { part } = sourceOf(log, [newer, older]);
    const source = sourceOf(log, [newer, older], {
      async part(snapshot, index) {
        if (snapshot.n === 0) throw new DamagedSnapshotError(snapshot.n);
        return part(snapshot, index);
      },
    });
    const { snapshot, damaged } = await buildSnapshot(source, S);
    expect(damaged).toEqual([0]);
    expect(snapshot?.text.crc32).toBe(newer.text.crc32);
  });

  it('[SN9] ends before an op of a later grammar, and then has nothing more to build', async () => {
    const log = logOf(60).map((op) => (op.seq === 41 ? { ...op, v: 1000 } : op));
    const snapshot = await built(sourceOf(log));
    expect(snapshot.header).toMatchObject({ seq: 40, digest: digestOf(log.slice(0, 40)) });
    const again = await buildSnapshot(sourceOf(log, [snapshot]), S);
    expect(again).toEqual({ snapshot: null, damaged: [] });
  });

  it('[SN9] leaves one alone that needs a later grammar', async () => {
    const log = logOf(60);
    const { header, text } = await built(sourceOf(log.slice(0, 30)));
    const later = { header: { ...header, v: 1000 }, text };
    expect(await buildSnapshot(sourceOf(log, [later]), S)).toEqual({ snapshot: null, damaged: [] });
  });

  it('of a log without its start and without a snapshot is not possible', async () => {
    const source = sourceOf(logOf(10), [], {
      space: async () => space({ head: 10, horizon: 5, digest: digestOf(logOf(10)) }),
    });
    await expect(buildSnapshot(source, S)).rejects.toThrow(BrokenLogError);
  });
});
