import { describe, expect, it } from 'vitest';
import { asClock, asEpoch, asSeq } from './ids.ts';
import { remedyFor, type Standing } from './recovery.ts';
import type { SpaceError } from './wire.ts';

const standing = (change: Partial<Standing> = {}): Standing => ({
  cursor: asSeq(40),
  epoch: asEpoch('e1'),
  progress: { sealed: asClock(9), acked: asClock(7), folded: asClock(6) },
  isUnproven: false,
  own: false,
  ...change,
});
const error = (code: SpaceError['code'], change: object = {}) =>
  ({ code, ...change }) as SpaceError;
const remedy = (code: SpaceError['code'], change?: object, known?: Partial<Standing>) =>
  remedyFor(error(code, change), standing(known));

describe('what an error of a space asks for', () => {
  it('[AB30] a fork begins at the clock named, and never in what was folded as ours', () => {
    expect(remedy('actor_forked', { clock: 8 })).toEqual({ kind: 'fork', at: 8 });
    expect(remedy('actor_forked', { clock: 2 })).toEqual({ kind: 'fork', at: 7 });
  });

  it('[AB31] another epoch is another history only for who folded beyond what both have', () => {
    const change = { epoch: 'e2', from: 40, head: 50, acked: 5 };
    expect(remedy('epoch_changed', change)).toEqual({
      kind: 'new-epoch',
      epoch: 'e2',
      from: 40,
      acked: 5,
    });
    expect(remedy('epoch_changed', { ...change, from: 39 })).toMatchObject({
      kind: 'other-history',
      from: 39,
    });
    expect(remedy('epoch_changed', { epoch: 'e2' })).toMatchObject({
      kind: 'other-history',
      from: 0,
      acked: 0,
    });
  });

  it.each(['cursor_ahead', 'digest_mismatch'] as const)(
    '[AB31] %s is another history of which nothing is known to be shared',
    (code) => {
      expect(remedy(code, { acked: 5 })).toMatchObject({
        kind: 'other-history',
        from: 0,
        acked: 5,
      });
    },
  );

  it('[AB93] a log that has lost its start before it agreed with our digest is another history', () => {
    expect(remedy('cursor_expired', { acked: 5 })).toEqual({ kind: 'bootstrap' });
    expect(remedy('cursor_expired', { acked: 5 }, { isUnproven: true })).toMatchObject({
      kind: 'other-history',
      from: 0,
      acked: 5,
    });
  });

  it.each(['epoch_changed', 'cursor_ahead', 'digest_mismatch'] as const)(
    '[AB31] %s says nothing to who never had a log of the space',
    (code) => {
      const { epoch: _, ...never } = standing({ cursor: asSeq(0) });
      expect(remedyFor(error(code, { epoch: 'e2', from: 5 }), never)).toEqual({ kind: 'wait' });
      expect(remedyFor(error('cursor_expired'), never)).toEqual({ kind: 'bootstrap' });
    },
  );

  it('[AB31] a gap is another history where the server has forgotten what it had settled', () => {
    expect(remedy('clock_gap', { expected: 8 })).toEqual({ kind: 'wait' });
    expect(remedy('clock_gap', { expected: 7 })).toMatchObject({
      kind: 'other-history',
      from: 0,
      acked: 6,
    });
  });

  it('[AB31] a space that is gone is made again by the account that made it, and by nobody else', () => {
    expect(remedy('no_such_space', {}, { own: true })).toEqual({ kind: 'make-again' });
    expect(remedy('no_such_space')).toEqual({ kind: 'wait' });
    const { epoch: _, ...neverFolded } = standing({ cursor: asSeq(0), own: true });
    expect(remedyFor(error('no_such_space'), neverFolded)).toEqual({ kind: 'wait' });
  });

  it('[AB31] [AB21] [DR26] the others: a snapshot, setting aside, or a pull alone', () => {
    expect(remedy('cursor_expired').kind).toBe('bootstrap');
    expect([remedy('forbidden'), remedy('space_deleted')].map(({ kind }) => kind)).toEqual([
      'set-aside',
      'set-aside',
    ]);
    expect([remedy('space_full'), remedy('protocol_unsupported')].map(({ kind }) => kind)).toEqual([
      'pull-only',
      'pull-only',
    ]);
  });
});
