import { describe, expect, it } from 'vitest';
import { del, make, nameOf, op, opOf, pendingAt, put, restore } from '../spec/support/ops.ts';
import { recordOf, worldOf } from '../spec/support/world.ts';
import type { WrittenOp } from '../spec/support/ops.ts';
import { applyPending, deriveView } from './rebase.ts';
import { recordKeyOf } from './record.ts';

const KEY = recordKeyOf(nameOf('r'));

/** What the person sees of `r`: the log so far, and their own ops that are still on the way. */
function view(confirmed: readonly WrittenOp[], pending: readonly WrittenOp[]) {
  const state = recordOf(worldOf(...confirmed), 'r');
  const fields = deriveView(KEY, state, pendingAt(confirmed.length, pending));
  return fields && Object.fromEntries(fields);
}

const TENT = op('A:1', make('r', { title: 'Tent', note: '' }), { at: 10 });

describe('the view of a record', () => {
  it('[RB1] is what is confirmed where nothing is pending', () => {
    expect(view([TENT], [])).toEqual({ title: 'Tent', note: '' });
    expect(view([], [])).toBeUndefined();
    expect(view([TENT, op('A:2', del('r'))], [])).toBeUndefined();
  });

  it('[RB1] has the pending ops applied on top, in their order', () => {
    const pending = [
      put('r', { title: 'Tarp' }),
      del('r'),
      restore('r'),
      put('r', { note: 'big' }),
    ];
    expect(
      view(
        [TENT],
        pending.map((mutation, i) => op(`B:${i + 1}`, mutation)),
      ),
    ).toEqual({
      title: 'Tarp',
      note: 'big',
    });
  });

  it('[RB1] shows a record made here before the log has it', () => {
    expect(view([], [op('A:1', make('r', { title: 'Tent' }))])).toEqual({ title: 'Tent' });
  });

  it('[RB1] shows the pending value over one that came meanwhile: the pending op is later', () => {
    const remote = op('B:1', put('r', { title: 'Tarp' }));
    const mine = op('C:1', put('r', { title: 'Pole' }), { base: 1 });
    expect(view([TENT, remote], [mine])).toEqual({ title: 'Pole', note: '' });
  });

  it('[RB1] shows the value that came meanwhile where `latest` says so', () => {
    const remote = op('B:1', put('r', { title: 'Tarp' }), { at: 30 });
    const mine = (at: number) =>
      op('C:1', put('r', { title: 'Pole' }, { latest: ['title'] }), { base: 1, at });
    expect(view([TENT, remote], [mine(20)])).toEqual({ title: 'Tarp', note: '' });
    expect(view([TENT, remote], [mine(40)])).toEqual({ title: 'Pole', note: '' });
  });

  it('[RB1] is nothing when the record was deleted meanwhile, whatever is pending on it', () => {
    const remote = op('B:1', del('r'));
    const mine = op('C:1', put('r', { title: 'Pole' }), { base: 1 });
    expect(view([TENT, remote], [mine])).toBeUndefined();
  });

  it('[RB1] takes of a batch the parts that are about this record', () => {
    const batch = op('B:1', [put('s', { title: 'Stove' }), put('r', { title: 'Tarp' })]);
    expect(view([TENT], [batch])).toEqual({ title: 'Tarp', note: '' });
  });

  it('[RB1] takes what was written before a fork for the author’s own', () => {
    const before = op('A:1', make('r', { title: 'Tent' }), { base: 0 });
    const after = op('D:1', put('r', { title: 'Tarp' }), { base: 0, was: ['A:1'] });
    expect(view([], [before, after])).toEqual({ title: 'Tarp' });
  });

  it('[RB1] is not troubled by a pending op that it cannot read', () => {
    const odd = [opOf('B:1', 'malformed'), op('B:2', put('r', { title: 'Tarp' }), { v: 9 })];
    expect(view([TENT], odd)).toEqual({ title: 'Tent', note: '' });
  });
});

describe('pending ops', () => {
  it('[RB2] applied one by one on what the last left give what all of them give at once', () => {
    const state = recordOf(worldOf(TENT), 'r');
    const pending = pendingAt(1, [
      op('B:1', put('r', { title: 'Tarp' })),
      op('B:2', del('r')),
      op('B:3', make('r', { size: 3 })),
    ]);
    const oneByOne = pending.reduce((before, next) => applyPending(KEY, before, [next]), state);
    expect(oneByOne).toEqual(applyPending(KEY, state, pending));
  });

  it('[RB1] leave the confirmed record as it was', () => {
    const state = recordOf(worldOf(TENT), 'r');
    const before = structuredClone(state);
    applyPending(KEY, state, pendingAt(1, [op('B:1', [put('r', { title: 'Tarp' }), del('r')])]));
    expect(state).toEqual(before);
  });
});
