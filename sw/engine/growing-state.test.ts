import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import {
  asClock,
  asSeq,
  type ActorId,
  type Epoch,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { GrowingState } from './growing-state.ts';

it('[AB87] a log is looked through however long it is', () => {
  const count = 300_000;
  const actor = 'a' as ActorId;
  const ops = Array.from({ length: count }, (_, i): SequencedOp => ({
    seq: asSeq(i + 1),
    actor,
    clock: asClock(i + 1),
    base: asSeq(0),
    at: 1,
    v: 1,
    payload: '',
  }));
  const header = {
    space: 's' as SpaceId,
    epoch: 'e' as Epoch,
    seq: asSeq(count),
    digest: '00'.repeat(16),
    horizon: asSeq(0),
    records: 0,
    actors: 1,
    conflicts: 0,
    malformed: 0,
    bytes: 0,
  };
  const actors = new Map([[actor, asClock(count)]]);
  const rest = { records: new Map(), conflicts: new Map(), malformed: [] };
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  const growing = new GrowingState({ header, actors, ...rest }, { sha256, trail: [] });
  growing.lookBack(ops);
  expect(growing.ops).toHaveLength(count);
  expect(growing.snapshotted.get(actor)).toBe(0);
});
