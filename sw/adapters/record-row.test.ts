import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPending,
  recordKeyOf,
  type FieldKind,
  type Kinds,
  type SpaceId,
} from '../../core/index.ts';
import { check } from '../../spec/support/check.ts';
import { history, IDS, splitAt } from '../../spec/support/histories.ts';
import { append, make, log, nameOf, op, pendingAt, put } from '../../spec/support/ops.ts';
import { confirmedOf, EMPTY_WORLD, foldOnto } from '../../spec/support/world.ts';
import type { StoredRecord } from '../engine/ports.ts';
import { fromRow, isVisible, visibleRow } from './record-row.ts';

const SPACE = '01890000-0000-7000-8000-000000000001' as SpaceId;

/** As the browser stores it and gives it back. */
const stored = (record: StoredRecord, kinds?: Kinds) =>
  structuredClone(visibleRow(SPACE, record, kinds));

/** What is known of the record `id` where these ops are in the log, and those behind them wait. */
function recordOf(id: string, inLog: Parameters<typeof foldOnto>[1], waiting: typeof inLog = []) {
  const world = foldOnto(EMPTY_WORLD, inLog);
  const name = nameOf(id);
  const key = recordKeyOf(name);
  const confirmed = world.records.get(key);
  const pending = pendingAt(inLog.length, waiting);
  const rebased =
    pending.length > 0
      ? applyPending(key, confirmed, pending, confirmedOf(world).conflict)
      : undefined;
  const record: StoredRecord = {
    ...name,
    key,
    ...(confirmed && { confirmed }),
    pending: pending.map((_, index) => ({ row: 1, index })),
    ...(rebased && { rebased }),
  };
  return record;
}

const KIND: fc.Arbitrary<FieldKind> = fc.constantFrom('register', 'set', 'counter', 'journal');

describe('a record in its row', () => {
  it('[AC61] reads back as what is known of it, whatever it holds and whatever is shown of it', () => {
    check(
      fc.property(history(), fc.nat(), KIND, KIND, (ops, cut, title, note) => {
        const [inLog = [], waiting = []] = splitAt(ops, [cut]);
        for (const id of IDS) {
          const record = recordOf(id, inLog, waiting);
          if (!isVisible(record)) continue;
          const row = stored(record, { title, note });
          expect(fromRow(record.collection, row)).toEqual(record);
        }
      }),
    );
  });

  it('[AC61] has no value twice: what the row shows is not in what is kept beside it', () => {
    const ops = log(
      op('A:1', make('r', { title: 'Tent', note: 'the large one' })),
      op('B:1', append('r', 'log', ['bought'])),
    );
    const row = stored(recordOf('r', ops));
    expect(row).toMatchObject({ title: 'Tent', note: 'the large one' });
    expect(JSON.stringify(row.$)).not.toMatch(/Tent|large/);
    // With an edit that waits there are two titles, and one of them is shown.
    const edited = op('A:2', put('r', { title: 'Tarp' }));
    const { $ } = stored(recordOf('r', ops, log(edited)));
    expect(JSON.stringify($)).toMatch(/Tent/);
    expect(JSON.stringify($)).not.toMatch(/Tarp|large/);
  });

  it('[AC61] keeps the value of a field that is called as a member of the layer’s own', () => {
    const fields = { id: 'theirs', space: SPACE, $: 1, title: 'Tent' };
    const record = recordOf('r', log(op('A:1', make('r', fields))));
    const row = stored(record);
    expect(row).toMatchObject({ id: 'r', space: SPACE, title: 'Tent' });
    expect(fromRow('items', row)).toEqual(record);
  });

  it('[AC61] [AC50] of an earlier layout reads as it did', () => {
    const record = recordOf('r', log(op('A:1', make('r', { title: 'Tent' }))));
    const { id, collection: _, ...$ } = record;
    expect(fromRow('items', { space: SPACE, id, $ })).toEqual(record);
  });
});
