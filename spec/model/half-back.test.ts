import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../support/accounts.ts';
import { check } from '../support/check.ts';
import { history } from '../support/histories.ts';
import { EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';

describe('a record', () => {
  it('[FO12] never half comes back, also where tombstones were dropped long ago', () => {
    check(
      fc.property(history(), fc.nat(), (log, cut) => {
        const place = cut % (log.length + 1);
        const purged = withoutTombstones(foldOnto(EMPTY_WORLD, log.slice(0, place)));
        expect(faultsOf(log, purged, place)).toEqual([]);
      }),
      300,
    );
  });
});

const withoutTombstones = (world: World): World => ({
  ...world,
  records: new Map([...world.records].filter(([, { grave }]) => !grave)),
});
