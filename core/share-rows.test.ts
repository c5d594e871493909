import { describe, expect, it } from 'vitest';
import { asSeq, type ActorId, type SpaceId } from './ids.ts';
import { sharedRows } from './share-rows.ts';

const row = (...payloads: string[]) => ({
  space: 's1' as SpaceId,
  actor: 'a1' as ActorId,
  base: asSeq(3),
  at: 7,
  v: 2,
  payloads,
});

describe('writes that are accepted together', () => {
  it('[AC41] share a row, each at its place in it', () => {
    expect(sharedRows([row('a'), row('b', 'c'), row('d')])).toEqual({
      rows: [row('a', 'b', 'c', 'd')],
      places: [
        { row: 0, index: 0 },
        { row: 0, index: 1 },
        { row: 0, index: 3 },
      ],
    });
  });

  it.each([
    ['of another space', { space: 's2' as SpaceId }],
    ['of another author', { actor: 'a2' as ActorId }],
    ['of another base', { base: asSeq(4) }],
    ['of another moment', { at: 8 }],
    ['of another version', { v: 3 }],
    ['that is typed on', { typing: { since: 7, until: 9 } }],
    ['that resolves', { resolves: ['k' as never] }],
    ['that something follows on', { follows: [{} as never] }],
  ])(
    '[AC41] a row %s is one of its own, and what comes behind it does not share what came before',
    (_, other) => {
      const own = { ...row('b'), ...other };
      const { rows, places } = sharedRows([row('a'), own, row('c')]);
      expect(rows).toEqual([row('a'), own, row('c')]);
      expect(places.map((place) => place.row)).toEqual([0, 1, 2]);
    },
  );

  it('[AC41] a row that is looked at stays cheap to read: it has neither very many ops nor very much text', () => {
    const many = sharedRows(Array.from({ length: 600 }, (_, i) => row(`${i}`)));
    expect(many.rows.map(({ payloads }) => payloads.length)).toEqual([256, 256, 88]);
    const long = sharedRows(Array.from({ length: 4 }, () => row('x'.repeat(30_000))));
    expect(long.rows.map(({ payloads }) => payloads.length)).toEqual([2, 2]);
    // What one write has is never torn apart.
    const bulk = row(...Array.from({ length: 300 }, (_, i) => `${i}`));
    expect(sharedRows([row('a'), bulk, row('b')]).rows).toEqual([row('a'), bulk, row('b')]);
  });
});
