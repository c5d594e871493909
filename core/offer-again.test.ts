import { describe, expect, it } from 'vitest';
import { actorOf, log, make, op } from '../spec/support/ops.ts';
import { asClock, asSeq, type ActorId, type Clock, type SpaceId } from './ids.ts';
import { offeredAgain, type OwnOps } from './offer-again.ts';
import type { OutboxRow } from './outbox.ts';
import { encodePayload, marked, saidBy } from './payload.ts';

const [A, X] = ['A', 'X'].map(actorOf) as [ActorId, ActorId];
const payload = (id: string) => encodePayload([make(id)]);

const row = (id: number, clock: number | undefined, ids: readonly string[]): OutboxRow => ({
  row: id,
  space: actorOf('space') as string as SpaceId,
  actor: A,
  base: asSeq(0),
  at: 7,
  v: 1,
  payloads: ids.map(payload),
  ...(clock !== undefined && { seal: { clock: asClock(clock) } }),
});
/** Own op `name` as the log has it. */
const logged = (name: string, id: string) => op(name, make(id), { at: 7, base: 0 });
const own = (change: Partial<OwnOps>): OwnOps => ({
  actor: A,
  selves: [],
  sealed: asClock(9),
  inLog: asClock(0),
  settled: [],
  rows: [],
  ...change,
});
const against = (...ops: ReturnType<typeof logged>[]) => log(...ops);
const NO_SNAPSHOT = new Map<ActorId, Clock>();
const idsOf = (rows: readonly { payloads: readonly string[]; gone?: readonly number[] }[]) =>
  rows.map(({ payloads, gone = [] }) =>
    payloads
      .filter((_, i) => !gone.includes(i))
      .map((text) => /"id":"(\w+)"/.exec(text)?.[1])
      .join(' '),
  );

describe('own ops in another history', () => {
  it('[SE11] are offered again where it has them not, before those that wait', () => {
    const settled = [row(1, 1, ['a']), row(2, 2, ['b'])];
    const waiting = row(3, 3, ['c']);
    const offered = offeredAgain(
      own({ inLog: asClock(1), settled, rows: [waiting] }),
      against(logged('A:1', 'a')),
      NO_SNAPSHOT,
    );
    expect(idsOf(offered.rows)).toEqual(['b', 'c']);
    expect(offered).toMatchObject({ back: [2], copied: [], covered: 1 });
    expect(offered.forkAt).toBeUndefined();
  });

  it('[SE14] are not where a copy has brought them, wholly or in part, sealed or not', () => {
    const log = against(logged('X:1', 'a'), logged('X:2', 'b'), logged('X:3', 'd'));
    const offered = offeredAgain(
      own({
        settled: [row(1, 1, ['a']), row(2, 2, ['b', 'c'])],
        rows: [row(3, undefined, ['d']), row(4, undefined, ['e'])],
      }),
      log,
      NO_SNAPSHOT,
    );
    expect(idsOf(offered.rows)).toEqual(['c', 'e']);
    expect(offered.copied.map((one) => one.row)).toEqual([3]);
  });

  it('[SE3] that a copy had brought, and that have no clock, come behind what has one', () => {
    const settled = [row(1, undefined, ['a', 'b'])];
    const rows = [row(2, 9, ['c'])];
    const offered = offeredAgain(own({ settled, rows }), against(logged('X:1', 'a')), NO_SNAPSHOT);
    expect(idsOf(offered.rows)).toEqual(['c']);
    expect(idsOf(offered.added)).toEqual(['b']);
    expect(offered.added).toMatchObject([{ actor: A }]);
    expect(offered.back).toEqual([]);
    expect(idsOf(offered.moved)).toEqual(['a']);
  });

  it('[SE3] that a copy had brought keep their place before what has no clock either', () => {
    const settled = [row(1, 1, ['a']), row(2, undefined, ['b'])];
    const rows = [row(3, undefined, ['c'])];
    const offered = offeredAgain(own({ settled, rows }), [], NO_SNAPSHOT);
    expect(idsOf(offered.rows)).toEqual(['a', 'b', 'c']);
    expect(offered).toMatchObject({ back: [1, 2], added: [], moved: [] });
    // What is behind it in the log is none that waits.
    const there = own({ settled: [...settled, row(4, 2, ['d'])], rows: [] });
    expect(offeredAgain(there, against(logged('A:2', 'd')), NO_SNAPSHOT).back).toEqual([1, 2]);
  });

  it('[SE14] are each one of its ops at most, where two say the same', () => {
    const offered = offeredAgain(
      own({ rows: [row(1, undefined, ['a', 'a', 'a'])] }),
      against(logged('X:1', 'a'), logged('X:2', 'a')),
      NO_SNAPSHOT,
    );
    expect(idsOf(offered.rows)).toEqual(['a']);
  });

  it('[AB30] go on under another id from the first clock that a copy has used', () => {
    const settled = [row(1, 1, ['a']), row(2, 2, ['b']), row(3, 3, ['c'])];
    const log = against(logged('A:1', 'a'), logged('A:2', 'of a copy'), logged('A:3', 'too'));
    const offered = offeredAgain(own({ inLog: asClock(3), settled }), log, NO_SNAPSHOT);
    expect(offered).toMatchObject({ forkAt: 2, covered: 1 });
    expect(idsOf(offered.rows)).toEqual(['b', 'c']);
    const unsealed = own({
      inLog: asClock(1),
      sealed: asClock(0),
      rows: [row(4, undefined, ['d'])],
    });
    expect(offeredAgain(unsealed, log, NO_SNAPSHOT)).toMatchObject({ forkAt: 1, covered: 0 });
  });

  it('[SE13] of a former id are offered under the present one, where they are nowhere', () => {
    const former = { ...row(1, 1, ['a', 'b']), actor: X };
    const split = { ...row(2, 1, ['c', 'd']), before: 1 };
    const went = [{ actor: X, clock: asClock(3), from: 0, to: 1 }];
    const offered = offeredAgain(
      own({
        inLog: asClock(1),
        selves: [{ actor: X, clock: asClock(3) }],
        settled: [former],
        rows: [{ ...split, went }],
      }),
      against(logged('X:1', 'a'), logged('X:2', 'something else'), logged('A:1', 'd')),
      NO_SNAPSHOT,
    );
    expect(idsOf(offered.added)).toEqual(['b', 'c']);
    expect(offered.added).toMatchObject([{ actor: A }, { actor: A }]);
    expect(offered.added.some(({ seal }) => seal)).toBe(false);
    // Not a second time from where they were.
    expect(idsOf(offered.moved)).toEqual(['a', 'd']);
  });

  it('[SE11] below a snapshot are there, whatever they say', () => {
    const snapshotted = new Map<ActorId, Clock>([[A, asClock(2)]]);
    const settled = [row(1, 1, ['a']), row(2, 2, ['b']), row(3, 3, ['c'])];
    const offered = offeredAgain(own({ inLog: asClock(2), settled }), [], snapshotted);
    expect(idsOf(offered.rows)).toEqual(['c']);
  });
});

describe('what a payload says', () => {
  const count = encodePayload([
    { kind: 'increment', collection: 'items', id: 'i', field: 'n', by: 1 },
  ]);

  it('[SE12] has a mark where it adds, and none where it sets', () => {
    expect(JSON.parse(marked(count, () => 'abc'))).toMatchObject({ mark: 'abc' });
    expect(marked(payload('a'), () => 'abc')).toBe(payload('a'));
    expect(marked(count, () => 'abc')).not.toBe(marked(count, () => 'abd'));
  });

  it('[SE14] is the same whatever ids of its author it names', () => {
    const was = [{ actor: X, clock: asClock(3) }];
    expect(saidBy(encodePayload([make('a')], was))).toBe(payload('a'));
    expect(saidBy(payload('was'))).toBe(payload('was'));
  });
});
