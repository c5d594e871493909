import { describe, expect, it } from 'vitest';
import { actorOf, make, op, put, type WrittenOp } from '../spec/support/ops.ts';
import { recordOf, worldOf } from '../spec/support/world.ts';
import { bringingBack } from './bring-back.ts';
import { changesSince, presentOp, stillMissing, type Missing } from './former.ts';
import { asClock, asSeq } from './ids.ts';
import type { MutationJson } from './mutation.ts';
import type { RecordState } from './record.ts';

const R = { collection: 'items', id: 'r' } as const;
const add = (...values: string[]): MutationJson => ({ kind: 'add', ...R, field: 'tags', values });
const remove = (...values: string[]): MutationJson => ({
  kind: 'remove',
  ...R,
  field: 'tags',
  values,
});
const count = (by: number): MutationJson => ({ kind: 'increment', ...R, field: 'n', by });
const note = (entry: string): MutationJson => ({ kind: 'append', ...R, field: 'log', entry });
const bury: MutationJson = { kind: 'delete', ...R };

const stateOf = (...ops: WrittenOp[]): RecordState | undefined => recordOf(worldOf(...ops), 'r');

/** What is missing of the one history in the other; the first `common` ops are of both. */
function missing(former: WrittenOp[], present: WrittenOp[], common: number): Missing[] {
  const [before, now] = [stateOf(...former), stateOf(...present)];
  const ops = present.map((one) =>
    presentOp({ ...one, clock: asClock(one.clock), isFolded: true }),
  );
  const last = new Map(present.map(({ actor, clock }) => [actor, asClock(clock)]));
  return before
    ? stillMissing(changesSince(before, now, asSeq(common)), {
        view: now,
        ops,
        lastOf: (actor) => last.get(actor),
      })
    : [];
}
const shown = (changes: readonly Missing[]) =>
  changes.map(({ by: _, kind, ...rest }) => [kind, ...Object.values(rest).map(String)].join(' '));

const BEGIN = op('A:1', make('r', { title: 'Tent' }), { at: 1 });

describe('what a former history had', () => {
  it('[AB32] is missing change by change, where nobody has brought it back', () => {
    const since = [
      op('B:1', put('r', { title: 'Tarp' }), { at: 2 }),
      op('B:2', [add('red', 'blue'), count(2)], { at: 3 }),
      op('B:3', [note('x'), note('x')], { at: 4 }),
    ];
    expect(shown(missing([BEGIN, ...since], [BEGIN], 1))).toEqual([
      'put title Tarp',
      'add tags red',
      'add tags blue',
      'increment n 2 ',
      'append log x 1',
      'append log x 2',
    ]);
    expect(missing([BEGIN, ...since], [BEGIN, ...since], 1)).toEqual([]);
  });

  it('[AB32] is not missing where it was overwritten, removed or deleted by who had it', () => {
    const since = [op('B:1', [put('r', { title: 'Tarp' }), add('red')], { at: 2 })];
    for (const later of [[put('r', { title: 'C' }), remove('red')], [bury]]) {
      const present = [BEGIN, ...since, op('C:1', later, { at: 5 })];
      expect(missing([BEGIN, ...since], present, 1)).toEqual([]);
    }
  });

  it('[AB32] is known under another id of its author by time and content', () => {
    const [before, again] = ['B:4', 'C:1'].map((name) =>
      op(name, [put('r', { title: 'Tarp' }), note('x')], { at: 2 }),
    ) as [WrittenOp, WrittenOp];
    const over = op('A:2', put('r', { title: 'A' }), { at: 9 });
    expect(missing([BEGIN, before], [BEGIN, again, over], 1)).toEqual([]);
    const later = op('C:1', [put('r', { title: 'Tarp' }), note('x')], { at: 3 });
    expect(shown(missing([BEGIN, before], [BEGIN, later, over], 1))).toEqual(['put title Tarp']);
  });

  it('[AB32] of a counter is what an actor had added beyond what it has added now', () => {
    const counts = [1, 2, 3].map((by) => op(`B:${by}`, count(by), { at: by + 1 }));
    const own = op('C:1', count(10), { at: 9 });
    expect(shown(missing([BEGIN, ...counts], [BEGIN, own], 1))).toEqual(['increment n 6 ']);
    expect(shown(missing([BEGIN, ...counts], [BEGIN, ...counts.slice(0, 2)], 1))).toEqual([
      'increment n 3 ',
    ]);
    // Under an id that it has since a fork.
    const forked = op('D:1', count(3), { at: 4, was: ['B:2'] });
    expect(missing([BEGIN, ...counts], [BEGIN, ...counts.slice(0, 2), forked], 1)).toEqual([]);
  });

  it('[AB32] has removals and deletions among it', () => {
    const begun = op('A:1', [make('r'), add('red', 'blue')], { at: 1 });
    expect(shown(missing([begun, op('B:1', remove('red'))], [begun], 1))).toEqual([
      'remove tags red',
    ]);
    expect(shown(missing([begun, op('B:1', bury)], [begun], 1))).toEqual(['delete']);
    expect(missing([begun, op('B:1', bury)], [begun, op('C:1', bury)], 1)).toEqual([]);
  });
});

describe('bringing it back', () => {
  const former = stateOf(
    BEGIN,
    op('B:1', [put('r', { note: 'n' }), add('red'), count(2), note('x')]),
  ) as RecordState;

  it('[AB32] makes all of the record where it is gone, and what is missing where it is there', () => {
    const changes = missing([BEGIN, op('B:1', put('r', { note: 'n' }), { at: 2 })], [BEGIN], 1);
    expect(bringingBack(former, changes, stateOf(BEGIN))).toEqual([
      { kind: 'put', ...R, new: true, fields: { note: 'n' } },
    ]);
    const whole = [
      { kind: 'put', ...R, new: true, fields: { title: 'Tent', note: 'n' } },
      add('red'),
      count(2),
      note('x'),
    ];
    for (const gone of [undefined, stateOf(BEGIN, op('C:1', bury))])
      expect(bringingBack(former, changes, gone)).toEqual(whole);
  });

  it('[AB32] is known by others for what it is, and takes it off their lists', () => {
    const counts = op('B:1', count(2), { at: 2 });
    const changes = changesSince(stateOf(BEGIN, counts) as RecordState, stateOf(BEGIN), asSeq(1));
    const said = (mutations: MutationJson[]) => {
      const written = op('C:1', mutations, { at: 9 });
      return [presentOp({ ...written, actor: actorOf('C'), clock: asClock(1) })];
    };
    const view = stateOf(BEGIN);
    const back = bringingBack(former, changes, view);
    expect(stillMissing(changes, { view, ops: said(back) })).toEqual([]);
    expect(stillMissing(changes, { view, ops: said([count(2)]) })).toHaveLength(1);
  });
});
