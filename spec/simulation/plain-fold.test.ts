import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../support/check.ts';
import { history } from '../support/histories.ts';
import { del, log, make, op, put } from '../support/ops.ts';
import { EMPTY_WORLD, foldOnto } from '../support/world.ts';
import { readPlainly, unlikePlain } from './plain-fold.ts';

describe('a plain reading of a log', () => {
  it('[SI29] has of each record what the fold shows of it', () => {
    check(
      fc.property(history(), (ops) => {
        expect(unlikePlain(ops, foldOnto(EMPTY_WORLD, ops).records)).toBeUndefined();
      }),
      400,
    );
  });

  it('[SI29] leaves to others only what was restored or resolved', () => {
    check(
      fc.property(history(), (ops) => {
        const isBeyond = ops.some(({ payload }) => /"kind":"(?:restore|resolve)"/.test(payload));
        fc.pre(!isBeyond);
        expect([...readPlainly(ops).values()].filter((record) => record.isBeyond)).toEqual([]);
      }),
      50,
    );
  });

  it('[SI29] notices what is shown and should not be, what is missing, and another value', () => {
    const made = op('A:1', make('r', { title: 'oats' }));
    const ops = log(made, op('B:1', put('r', { title: 'rye' })));
    const { records } = foldOnto(EMPTY_WORLD, ops);
    expect(unlikePlain(ops, records)).toBeUndefined();
    expect(unlikePlain(ops, new Map())).toMatch(/is there and not shown/);
    expect(unlikePlain(ops, foldOnto(EMPTY_WORLD, ops.slice(0, 1)).records)).toMatch(
      /"rye" and "oats"/,
    );
    const deleted = log(made, op('B:1', del('r')));
    expect(unlikePlain(deleted, records)).toMatch(/is deleted, or was never made, and shown/);
  });
});
