import { describe, expect, it } from 'vitest';
import { asClock, asEpoch, asSeq, type ActorId, type SpaceId } from './ids.ts';
import { pageFrom, placeBehind, type LogPlace } from './log-page.ts';
import type { PushAnswer, PushRequest, SpaceAnswer } from './wire.ts';

const SPACE = '01890000-0000-7000-8000-000000000001' as SpaceId;
const OTHER = '01890000-0000-7000-8000-000000000002' as SpaceId;
const ACTOR = '01890000-0000-7000-8000-00000000000a' as ActorId;
const EPOCH = asEpoch('e1');
const digestAt = (seq: number): string => String(seq).padStart(32, '0');

const op = (seq: number) => ({
  seq: asSeq(seq),
  actor: ACTOR,
  clock: asClock(seq),
  at: 1,
  v: 1,
  base: asSeq(0),
  payload: '{"do":[]}',
});

/** The page of the log with these seqs. */
const part = (seqs: readonly number[], more: boolean): SpaceAnswer => ({
  epoch: EPOCH,
  head: asSeq(100),
  horizon: asSeq(0),
  access: 'write',
  acked: asClock(0),
  refused: [],
  taken: [],
  ops: seqs.map(op),
  digest: digestAt(seqs.at(-1) ?? 0),
  more,
});
const answer = (spaces: PushAnswer['spaces']): PushAnswer => ({ now: 1, spaces });
const asking = { spaces: { [SPACE]: { actor: ACTOR, since: asSeq(0) } } } as PushRequest;
const from: LogPlace = {
  space: SPACE,
  since: asSeq(2),
  epoch: EPOCH,
  digest: digestAt(2),
};

describe('the place behind an answer', () => {
  it('[DR76] is where an answer was cut that brought ops', () => {
    expect(placeBehind(asking, answer({ [SPACE]: part([1, 2], true) }))).toEqual(from);
  });

  it('[DR76] is none where there is no more, only acks, an error, or what was not asked about', () => {
    const none: PushAnswer['spaces'][] = [
      { [SPACE]: part([1, 2], false) },
      { [SPACE]: part([], true) },
      { [SPACE]: { error: { code: 'forbidden' } } },
      { [OTHER]: part([1, 2], true) },
      {},
    ];
    for (const spaces of none) expect(placeBehind(asking, answer(spaces))).toBeUndefined();
  });
});

describe('a page that was read ahead', () => {
  it('[DR76] is what a poke would bring, and says where the next begins', () => {
    expect(pageFrom(from, answer({ [SPACE]: part([3, 4], true) }))).toEqual({
      poke: {
        space: SPACE,
        epoch: EPOCH,
        head: 4,
        ops: [op(3), op(4)],
        before: digestAt(2),
        digest: digestAt(4),
      },
      next: { space: SPACE, since: 4, epoch: EPOCH, digest: digestAt(4) },
    });
    expect(pageFrom(from, answer({ [SPACE]: part([3], false) }))?.next).toBeUndefined();
  });

  it('[DR76] is none without ops, with one that is named alone, of another epoch, or of an error', () => {
    const { base: _, payload: __, ...named } = op(4);
    const none: PushAnswer['spaces'][] = [
      { [SPACE]: part([], false) },
      { [SPACE]: { ...part([3], false), ops: [op(3), { ...named, v: 1 }] } },
      { [SPACE]: { ...part([3], false), epoch: asEpoch('e2') } },
      { [SPACE]: { error: { code: 'cursor_ahead', head: asSeq(1) } } },
      { [OTHER]: part([3], false) },
      {},
    ];
    for (const spaces of none) expect(pageFrom(from, answer(spaces))).toBeUndefined();
  });
});
