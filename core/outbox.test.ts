import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../spec/support/check.ts';
import { actorOf } from '../spec/support/ops.ts';
import { conflictKeyOf, type ConflictKey, type ConflictName } from './conflict.ts';
import { asClock, asEpoch, asSeq, type SpaceId } from './ids.ts';
import { DEFAULT_LIMITS, isTooLarge, type Limits } from './limits.ts';
import {
  isPending,
  advanced,
  lastClockOf,
  NO_PROGRESS,
  opsToSend,
  pendingOp,
  requestBytes,
  seal,
  type OutboxRow,
  type Progress,
  type Room,
} from './outbox.ts';
import { resolvedBy } from './resolved-by.ts';
import { encodePayload } from './payload.ts';

const SPACE = actorOf('space') as string as SpaceId;

const row = (id: number, payloads: readonly string[]): OutboxRow => ({
  row: id,
  space: SPACE,
  actor: actorOf('A'),
  base: asSeq(7),
  at: 1000 + id,
  v: 1,
  payloads,
});

const progress = (sealed: number, acked: number, folded: number): Progress => ({
  sealed: asClock(sealed),
  acked: asClock(acked),
  folded: asClock(folded),
});

/** The rows as they leave: each sealed after the one before. */
function sealedRows(...payloads: readonly (readonly string[])[]): OutboxRow[] {
  let last = asClock(0);
  return payloads.map((texts, i) => {
    const sealed = seal(row(i + 1, texts), last, asEpoch('e1'));
    last = lastClockOf(sealed) ?? last;
    return sealed;
  });
}

const roomy = (limits: Partial<Limits> = {}, bytes?: number): Room => {
  const all = { ...DEFAULT_LIMITS, ...limits };
  return { limits: all, bytes: bytes ?? all.bodyBytes, ops: Infinity, through: Infinity };
};

const clocksToSend = (rows: readonly OutboxRow[], limits?: Partial<Limits>, bytes?: number) =>
  opsToSend(rows, progress(99, 0, 0), roomy(limits, bytes)).map(({ clock }) => clock);

describe('sealing', () => {
  it('[SE1] gives a row the next clock, and the ops of a bulk row follow densely', () => {
    const rows = sealedRows(['a'], ['b', 'c', 'd'], ['e']);
    expect(rows.map(({ seal: given }) => given?.clock)).toEqual([1, 2, 5]);
    expect(rows.map(lastClockOf)).toEqual([1, 4, 5]);
    expect(lastClockOf(row(1, ['a']))).toBeUndefined();
  });

  it('[SE2] changes nothing else of the row, and notes the epoch if one is known', () => {
    const before = row(1, ['a']);
    const { seal: given, ...rest } = seal(before, asClock(4), asEpoch('e1'));
    expect(rest).toEqual(before);
    expect(given).toEqual({ clock: 5, epoch: 'e1' });
    expect(seal(before, asClock(4), undefined).seal).toEqual({ clock: 5 });
  });
});

describe('the ops to send', () => {
  it('[SE3] are those the server has not settled, in clock order, each with its row’s base and at', () => {
    const rows = sealedRows(['a'], ['b', 'c'], ['d']);
    expect(opsToSend(rows, progress(4, 2, 0), roomy())).toEqual([
      { clock: 3, base: 7, at: 1002, v: 1, payload: 'c' },
      { clock: 4, base: 7, at: 1003, v: 1, payload: 'd' },
    ]);
  });

  it('[SE3] end before the first row without a clock', () => {
    const [first, second] = sealedRows(['a'], ['b']) as [OutboxRow, OutboxRow];
    expect(clocksToSend([first, row(2, ['x']), second])).toEqual([1]);
  });

  it('[SE4] are at most as many as one request may carry for a space', () => {
    const rows = sealedRows(['a', 'b'], ['c', 'd'], ['e']);
    expect(clocksToSend(rows, { opsPerSpace: 3 })).toEqual([1, 2, 3]);
    const many = sealedRows(Array.from({ length: 501 }, () => 'a'));
    expect(clocksToSend(many)).toHaveLength(500);
  });

  it('[SE4] fit the room that is left in the request, none if none fits', () => {
    const rows = sealedRows(['a'.repeat(100)], ['b'.repeat(100)], ['c']);
    const one = requestBytes('a'.repeat(100));
    expect(clocksToSend(rows, {}, 2 * one)).toEqual([1, 2]);
    expect(clocksToSend(rows, {}, 2 * one - 1)).toEqual([1]);
    expect(clocksToSend(rows, {}, one - 1)).toEqual([]);
    expect(clocksToSend(rows, {}, 0)).toEqual([]);
  });

  it('[SE4] are at most as many as are asked for, and none beyond the last clock that may be sent', () => {
    const rows = sealedRows(['a', 'b'], ['c', 'd'], ['e']);
    const clocks = (room: Partial<Room>) =>
      opsToSend(rows, progress(9, 1, 0), { ...roomy(), ...room }).map(({ clock }) => clock);
    expect(clocks({ ops: 2 })).toEqual([2, 3]);
    expect(clocks({ ops: 0 })).toEqual([]);
    expect(clocks({ through: 4 })).toEqual([2, 3, 4]);
  });

  it('[SE9] are void where an op was set aside, and for a clock that no row has any more', () => {
    const [first, , third, last] = sealedRows(['a'], ['b', 'c'], ['d', 'e'], ['f']);
    const kept = [first, { ...third, gone: [0] }, last] as OutboxRow[];
    const sent = opsToSend(kept, progress(6, 0, 0), roomy());
    expect(
      sent.map((op) => ('void' in op ? `${op.clock} void` : `${op.clock} ${op.payload}`)),
    ).toEqual(['1 a', '2 void', '3 void', '4 void', '5 e', '6 f']);
    expect(opsToSend(kept, progress(6, 0, 0), { ...roomy(), ops: 2 })).toHaveLength(2);
    expect(opsToSend([], progress(6, 0, 0), roomy())).toEqual([]);
  });

  it('[SE5] include one that no request has room for, alone: the server is to judge it', () => {
    const rows = sealedRows(['a'.repeat(1000)], ['b']);
    expect(clocksToSend(rows, { bodyBytes: 500 })).toEqual([1]);
    expect(clocksToSend(rows, { bodyBytes: 500 }, 100)).toEqual([1]);
  });

  it('[SE6] are no larger in a request than they are counted', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    check(
      fc.property(fc.dictionary(text, text), (fields) => {
        const big = Number.MAX_SAFE_INTEGER;
        const payload = JSON.stringify(fields);
        const sent = JSON.stringify({ clock: big, base: big, at: big, v: 999, payload });
        expect(new TextEncoder().encode(`${sent},`).length).toBeLessThanOrEqual(
          requestBytes(payload),
        );
      }),
    );
  });
});

describe('an op of the outbox', () => {
  it('[SE7] is pending until it is folded, settled or not', () => {
    const [first, second] = sealedRows(['a'], ['b', 'c']) as [OutboxRow, OutboxRow];
    const now = progress(3, 3, 2);
    expect(isPending(first, 0, now)).toBe(false);
    expect(isPending(second, 0, now)).toBe(false);
    expect(isPending(second, 1, now)).toBe(true);
    expect(isPending(row(3, ['d']), 0, now)).toBe(true);
  });

  it('[SE7] is pending no more once it is set aside; its neighbours are', () => {
    const bulk: OutboxRow = { ...row(1, ['a', 'b', 'c']), gone: [1] };
    const waiting = [0, 1, 2, 3].map((index) => isPending(bulk, index, progress(0, 0, 0)));
    expect(waiting).toEqual([true, false, true, false]);
  });

  it('[SE7] that a snapshot holds is pending until it is settled', () => {
    const [first, second] = sealedRows(['a'], ['b']) as [OutboxRow, OutboxRow];
    const before = { ...progress(2, 0, 0), covered: asClock(2) };
    expect(isPending(first, 0, before)).toBe(true);
    const after = advanced(before, { acked: asClock(1), folded: asClock(0) });
    expect(after).toEqual({ ...progress(2, 1, 1), covered: 2 });
    expect([first, second].map((one) => isPending(one, 0, after))).toEqual([false, true]);
  });

  it('[SE7] that went before a fork is pending no more, and those behind it have clocks of their own', () => {
    const forked: OutboxRow = { ...row(1, ['a', 'b', 'c']), before: 1 };
    expect([0, 1, 2].map((index) => isPending(forked, index, NO_PROGRESS))).toEqual([
      false,
      true,
      true,
    ]);
    const sealed = seal(forked, asClock(0), undefined);
    expect(lastClockOf(sealed)).toBe(2);
    expect(opsToSend([sealed], NO_PROGRESS, roomy())).toMatchObject([
      { clock: 1, payload: 'b' },
      { clock: 2, payload: 'c' },
    ]);
  });

  it('[SE7] is applied to the view as its row has it', () => {
    expect(pendingOp(row(1, ['a', 'b']), 1)).toEqual({
      actor: actorOf('A'),
      base: 7,
      at: 1001,
      v: 1,
      payload: 'b',
    });
  });
});

describe('the conflicts that are resolved here', () => {
  const nameAt = (clock: number): ConflictName => ({
    actor: actorOf('A'),
    clock: asClock(clock),
    collection: 'items',
    id: 'i',
    field: 'title',
    kind: 'edit-edit',
  });
  const keyAt = (clock: number) => conflictKeyOf(nameAt(clock));
  const resolving = (clock: number) =>
    encodePayload([{ kind: 'resolve', conflict: nameAt(clock), take: 'loser' }]);

  it('[PL22] are those that ops of the outbox resolve, but for what was set aside', () => {
    const [first, second, third] = [1, 2, 3].map(keyAt) as [ConflictKey, ConflictKey, ConflictKey];
    const bulk = { ...row(1, [1, 2].map(resolving)), resolves: [first, second] };
    const other = { ...row(2, [resolving(3)]), resolves: [third] };
    expect(resolvedBy([bulk, other, row(3, ['a'])])).toEqual(new Set([first, second, third]));
    expect(resolvedBy([{ ...bulk, gone: [0] }, other])).toEqual(new Set([second, third]));
    expect(resolvedBy([{ ...bulk, gone: [1, 0] }])).toEqual(new Set());
  });
});

describe('a payload', () => {
  it.each([
    ['a'.repeat(64 * 1024), false],
    [`a${'a'.repeat(64 * 1024)}`, true],
    ['é'.repeat(32 * 1024), false],
    [`a${'é'.repeat(32 * 1024)}`, true],
    ['😀'.repeat(16 * 1024), false],
    [`a${'😀'.repeat(16 * 1024)}`, true],
  ])('[OP13] is too large above 64 KiB of UTF-8 (case %#)', (payload, tooLarge) => {
    expect(isTooLarge(payload, DEFAULT_LIMITS)).toBe(tooLarge);
  });
});
