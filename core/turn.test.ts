import { describe, expect, it } from 'vitest';
import { actorOf } from '../spec/support/ops.ts';
import { asClock, asEpoch, asSeq, type SpaceId } from './ids.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { NO_PROGRESS, seal, type OutboxRow } from './outbox.ts';
import { encodePayload } from './payload.ts';
import {
  forkedRow,
  isDue,
  joinTurns,
  opsBefore,
  rebasedRow,
  selvesAfter,
  wasFor,
  withWas,
  type FormerSelf,
  type Turn,
} from './turn.ts';

const [A, B, C] = ['A', 'B', 'C'].map(actorOf) as [
  FormerSelf['actor'],
  FormerSelf['actor'],
  FormerSelf['actor'],
];
const payload = encodePayload([{ kind: 'delete', collection: 'items', id: 'i' }]);

const row = (count: number, base = 7): OutboxRow => ({
  row: 1,
  space: actorOf('space') as string as SpaceId,
  actor: A,
  base: asSeq(base),
  at: 1000,
  v: 1,
  payloads: Array.from({ length: count }, () => payload),
});
const sealed = (count: number, after: number) => seal(row(count), asClock(after), asEpoch('e1'));
const turn = (at: number, change: Partial<Turn> = {}): Turn => ({
  at: asClock(at),
  ...change,
});
const self = (actor: FormerSelf['actor'], clock: number, until: number): FormerSelf => ({
  actor,
  clock: asClock(clock),
  until: asSeq(until),
});

describe('a turn', () => {
  it('[SE10] waits until nothing before it is pending', () => {
    const bulk = sealed(3, 4);
    const folded = (clock: number) => ({ ...NO_PROGRESS, folded: asClock(clock) });
    expect(isDue(turn(6), bulk, folded(4))).toBe(false);
    expect(isDue(turn(6), bulk, folded(5))).toBe(true);
    expect(isDue(turn(6), { ...bulk, gone: [0] }, folded(4))).toBe(true);
    expect(isDue(turn(6), row(1), NO_PROGRESS)).toBe(true);
    expect(isDue(turn(6), undefined, NO_PROGRESS)).toBe(true);
  });

  it('[SE10] joins another: the earlier clock, and unread if either is', () => {
    expect(joinTurns(undefined, turn(5))).toEqual({ at: 5 });
    expect(joinTurns(turn(7), turn(5))).toEqual({ at: 5 });
    expect(joinTurns(turn(5), turn(7, { unread: true }))).toEqual({ at: 5, unread: true });
  });
});

describe('a row after a fork', () => {
  it('[SE10] has no clock, the new id, and says whose history is its own', () => {
    const bulk = sealed(3, 4);
    const turned = forkedRow(
      bulk,
      opsBefore(bulk, asClock(6)),
      { actor: B, selves: [self(A, 5, 9)] },
      DEFAULT_LIMITS,
    );
    expect(turned).toMatchObject({ actor: B, before: 1, base: 7 });
    expect(turned.seal).toBeUndefined();
    expect(JSON.parse(turned.payloads[2] ?? '')).toMatchObject({ was: [{ actor: A, clock: 5 }] });
    expect(seal(turned, asClock(0), undefined).seal).toEqual({ clock: 1 });
  });

  it('[SE10] counts what went before as it lies in the row, also after a fork before', () => {
    const bulk = sealed(3, 4);
    expect([4, 5, 6, 7, 8].map((at) => opsBefore(bulk, asClock(at)))).toEqual([0, 0, 1, 2, 3]);
    const again = seal({ ...row(3), before: 1 }, asClock(0), undefined);
    expect([1, 2, 3].map((at) => opsBefore(again, asClock(at)))).toEqual([1, 2, 3]);
    expect(opsBefore(row(3), asClock(1))).toBe(0);
  });

  it('[SE10] names a former id until its base covers what was written under it', () => {
    const selves = [self(A, 3, 10), self(B, 5, 20)];
    const named = (base: number) => wasFor(selves, asSeq(base)).map(({ actor }) => actor);
    expect(named(9)).toEqual([A, B]);
    expect(named(10)).toEqual([B]);
    expect(named(20)).toEqual([]);
  });

  it('[SE10] names no id under which nothing was written', () => {
    expect(selvesAfter([], self(A, 0, 10))).toEqual([]);
    expect(selvesAfter([self(A, 3, 10)], self(B, 1, 12))).toHaveLength(2);
  });

  it('[SE10] keeps its payload where there is no room for the names', () => {
    const was = [{ actor: C, clock: asClock(1) }];
    const limits = { ...DEFAULT_LIMITS, payloadBytes: payload.length + 10 };
    expect(withWas(payload, was, limits)).toBe(payload);
    expect(JSON.parse(withWas(payload, was, DEFAULT_LIMITS))).toEqual({
      ...JSON.parse(payload),
      was,
    });
  });

  it('[SE10] [OP4] has the rest of its payload as it was, whatever its names', () => {
    const fields = JSON.parse('{"__proto__":{"was":1},"constructor":"x","a":-0.5}') as never;
    const odd = encodePayload([
      { kind: 'put', collection: 'items', id: '__proto__', new: true, fields },
    ]);
    const named = withWas(odd, [{ actor: C, clock: asClock(1) }], DEFAULT_LIMITS);
    expect(withWas(named, [], DEFAULT_LIMITS)).toBe(odd);
  });
});

describe('a row in another history', () => {
  it('[SE11] has no base that the other log does not have, and the same clock', () => {
    expect(rebasedRow(sealed(2, 4), asSeq(3), asEpoch('e2'))).toEqual({
      ...row(2),
      base: 3,
      bases: [7],
      seal: { clock: 5, epoch: 'e2' },
    });
    expect(rebasedRow(row(1, 2), asSeq(3), asEpoch('e2'))).toEqual(row(1, 2));
    expect(rebasedRow(sealed(1, 4), asSeq(3), undefined).seal).toEqual({ clock: 5, epoch: 'e1' });
  });
});
