import { describe, expect, it } from 'vitest';
import { asClock, asEpoch, asSeq, type ActorId } from './ids.ts';
import { weighPoke, type Follower } from './weigh-poke.ts';
import type { Poke } from './wire.ts';

const [ME, OTHER] = ['me', 'other'] as ActorId[] as [ActorId, ActorId];
const HERE: Follower = {
  actor: ME,
  epoch: asEpoch('e1'),
  cursor: asSeq(5),
  digest: 'aa',
  followed: true,
};
const opAt = (seq: number, more: object = {}) => ({
  seq: asSeq(seq),
  actor: OTHER,
  clock: asClock(seq),
  base: asSeq(0),
  at: 1,
  v: 1,
  payload: '',
  ...more,
});
const poke = (more: Partial<Poke> = {}): Poke => ({
  space: 's' as Poke['space'],
  epoch: asEpoch('e1'),
  head: asSeq(7),
  before: 'aa',
  ops: [opAt(6), opAt(7)],
  ...more,
});

describe('a poke', () => {
  it('[DR70] whose ops come next follows on what is here', () => {
    expect(weighPoke(poke(), HERE)).toBe('follows');
  });

  it('[DR70] that tells of nothing beyond the cursor is known, with ops or without', () => {
    for (const head of [5, 4]) {
      expect(weighPoke(poke({ head: asSeq(head) }), HERE)).toBe('known');
      expect(weighPoke(poke({ head: asSeq(head), ops: undefined }), HERE)).toBe('known');
    }
  });

  it.each<[string, Partial<Poke>]>([
    ['without ops', { ops: undefined, before: undefined }],
    ['with none', { ops: [] }],
    ['of another epoch', { epoch: asEpoch('e2') }],
    ['of an older one, below the cursor', { epoch: asEpoch('e0'), head: asSeq(1) }],
    ['behind another log', { before: 'bb' }],
    ['without the digest before them', { before: undefined }],
    ['that begins further on', { head: asSeq(8), ops: [opAt(7), opAt(8)] }],
    ['that begins with what is here', { ops: [opAt(5), opAt(6), opAt(7)] }],
    ['with a hole', { head: asSeq(8), ops: [opAt(6), opAt(8)] }],
    ['that ends before its head', { head: asSeq(9) }],
    ['with an op of our own', { ops: [opAt(6, { actor: ME }), opAt(7)] }],
    ['of a grammar that is not known', { ops: [opAt(6), opAt(7, { v: 99 })] }],
  ])('[DR71] %s is a hint', (_, more) => {
    expect(weighPoke(poke(more), HERE)).toBe('hint');
  });

  it.each<[string, { [Member in keyof Follower]?: Follower[Member] | undefined } | undefined]>([
    ['that is not here', undefined],
    ['of which nothing was asked yet', { epoch: undefined }],
    ['that is not followed', { followed: false }],
    ['in trouble', { trouble: 'digest_mismatch' }],
    ['whose log is too new', { tooNew: 3 }],
    ['that is about to fork', { turn: { at: asClock(1) } }],
  ])('[DR71] for a replica %s it is a hint', (_, more) => {
    expect(weighPoke(poke(), more && ({ ...HERE, ...more } as Follower))).toBe('hint');
  });
});
