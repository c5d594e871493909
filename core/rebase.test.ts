import { describe, expect, it } from 'vitest';
import {
  add,
  append,
  del,
  increment,
  make,
  nameOf,
  op,
  opOf,
  pendingAt,
  put,
  resolve,
  restore,
} from '../spec/support/ops.ts';
import { confirmedOf, recordOf, worldOf } from '../spec/support/world.ts';
import type { WrittenOp } from '../spec/support/ops.ts';
import { applyPending, deriveView } from './rebase.ts';
import { recordKeyOf } from './record.ts';

const KEY = recordKeyOf(nameOf('r'));

/** What the person sees of `r`: the log so far, and their own ops that are still on the way. */
function view(confirmed: readonly WrittenOp[], pending: readonly WrittenOp[]) {
  const world = worldOf(...confirmed);
  const ops = pendingAt(confirmed.length, pending);
  const fields = deriveView(KEY, recordOf(world, 'r'), ops, confirmedOf(world).conflict);
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

  it('[RB1] has pending changes of sets, counters and journals', () => {
    const there = op('A:2', [add('r', 'tags', 'red'), increment('r', 'packed', 2)]);
    const mine = op('B:1', [
      add('r', 'tags', 'big'),
      increment('r', 'packed'),
      append('r', 'history', 'x'),
    ]);
    expect(view([TENT, there], [mine])).toMatchObject({
      tags: ['red', 'big'],
      packed: 3,
      history: ['x'],
    });
  });

  const EDITS = [
    TENT,
    op('B:1', put('r', { title: 'Tarp' })),
    op('C:1', put('r', { title: 'Pole' }, { manual: ['title'] }), { base: 1 }),
  ];

  it('[RB9] shows what a pending resolve takes, while its conflict is open', () => {
    const mine = (take: Parameters<typeof resolve>[1]) =>
      op('D:1', resolve('C:1 edit-edit r.title', take));
    expect(view(EDITS, [mine('loser')])).toEqual({ title: 'Tarp', note: '' });
    expect(view(EDITS, [mine({ value: 'Both' })])).toEqual({ title: 'Both', note: '' });
    expect(view(EDITS, [mine('winner')])).toEqual({ title: 'Pole', note: '' });
  });

  it('[RB9] shows what stands, where somebody closed the conflict meanwhile', () => {
    const other = op('A:2', resolve('C:1 edit-edit r.title', 'winner'));
    const mine = op('D:1', resolve('C:1 edit-edit r.title', 'loser'), { base: 3 });
    expect(view([...EDITS, other], [mine])).toEqual({ title: 'Pole', note: '' });
  });

  it('[RB9] shows a deleted record again at once, with its changes once', () => {
    const gone = [TENT, op('A:2', del('r')), op('B:1', increment('r', 'packed', 3))];
    const mine = [1, 2].map((n) => op(`C:${n}`, resolve('B:1 edit-delete r', 'loser')));
    expect(view(gone, mine)).toEqual({ title: 'Tent', note: '', packed: 3 });
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
    const apply = (before: typeof state, ops: typeof pending) =>
      applyPending(KEY, before, ops, () => undefined);
    const oneByOne = pending.reduce((before, next) => apply(before, [next]), state);
    expect(oneByOne).toEqual(apply(state, pending));
  });

  it('[RB1] leave the confirmed record as it was', () => {
    const state = recordOf(worldOf(TENT), 'r');
    const before = structuredClone(state);
    const pending = pendingAt(1, [op('B:1', [put('r', { title: 'Tarp' }), del('r')])]);
    applyPending(KEY, state, pending, () => undefined);
    expect(state).toEqual(before);
  });
});
