import fc from 'fast-check';
import { generateNKeysBetween } from 'fractional-indexing';
import { describe, expect, it } from 'vitest';
import { inOrder, makeRoom, placeAt, type Placed } from './order.ts';

const rowsOf = (...orders: string[]): Placed[] =>
  orders.map((order, i) => ({ id: `r${i}`, order })).sort(inOrder);

function after(rows: readonly Placed[], writes: ReadonlyMap<string, string>): string[] {
  return rows
    .map((row) => ({ ...row, order: writes.get(row.id) ?? row.order }))
    .sort(inOrder)
    .map((row) => row.id);
}

describe('makeRoom', () => {
  it('appends after the last, prepends before the first', () => {
    const rows = rowsOf('a0', 'a1');
    expect(makeRoom(rows, 2, 2)).toEqual({ keys: ['a2', 'a3'], rekeyed: new Map() });
    expect(makeRoom(rows, 0, 1).keys).toEqual(['Zz']);
    expect(makeRoom([], 0, 1).keys).toEqual(['a0']);
  });

  it('between two equal keys gives the second a new one', () => {
    const rows = rowsOf('a0', 'a0', 'a1');
    const room = makeRoom(rows, 1, 1);
    expect([...room.rekeyed.keys()]).toEqual(['r1']);
    expect(room.keys[0]! > 'a0' && room.keys[0]! < room.rekeyed.get('r1')!).toBe(true);
    expect(room.rekeyed.get('r1')! < 'a1').toBe(true);
  });

  it('gives every row a key when one of its neighbours has none', () => {
    const rows = rowsOf('!', '!', 'a1');
    const room = makeRoom(rows, 2, 1);
    expect(room.rekeyed.size).toBe(3);
    expect(room.keys).toHaveLength(1);
  });
});

describe('placeAt', () => {
  const key = fc.oneof(
    fc.constantFrom('a0', 'a1', 'a1V', 'Zz', 'b00'),
    fc.integer({ min: 0, max: 40 }).map((i) => generateNKeysBetween(null, null, 41)[i]!),
    fc.string({ maxLength: 4 }),
  );

  it('puts rows where they were asked to be, whatever keys the others have', () => {
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 12 }),
        fc.nat(11),
        fc.nat(11),
        fc.integer({ min: 1, max: 3 }),
        (orders, from, to, count) => {
          const rows = rowsOf(...orders);
          const start = from % rows.length;
          const moved = rows.slice(start, start + count);
          const others = rows.filter((row) => !moved.includes(row));
          const at = to % (others.length + 1);
          const wanted = [...others.slice(0, at), ...moved, ...others.slice(at)];
          expect(after(rows, placeAt(others, at, moved))).toEqual(wanted.map((row) => row.id));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('writes nothing but the moved row when the keys are distinct', () => {
    const rows = rowsOf('a0', 'a1', 'a2', 'a3');
    const [first, ...others] = rows;
    expect([...placeAt(others, 2, [first!]).keys()]).toEqual(['r0']);
  });
});
