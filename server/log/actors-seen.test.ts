/** What a request leaves behind of its actor, for retention; and who may be no actor. */
import { describe, expect, it } from 'vitest';
import { SERVER_ACTOR } from '../../core/index.ts';
import { actor, circumstances, kept, op, request, space, standing } from '../testing/log-words.ts';
import { admit } from './admit.ts';
import type { Standing } from './enter.ts';
import type { LogRequest, RealOp } from './request.ts';

const AHEAD = 'f'.repeat(32);

describe('what retention has to know of an actor', () => {
  const DAY = 24 * 3_600_000;
  const where = space({ head: 9, digest: AHEAD });
  const after = (facts: Partial<Standing>, asked: LogRequest, served: number) =>
    admit(
      standing({ space: where, digestAtSince: AHEAD, ...facts }),
      asked,
      circumstances({ served }),
    ).writes?.actor;

  it('[RT26] when it was there, at most once a day of served time, and of who has a cursor alone', () => {
    const known = { actor: actor(1, { cursor: 9, seen: DAY }) };
    const poll = request({ since: 9, digest: AHEAD });
    expect(after(known, poll, 2 * DAY - 1)).toBeUndefined();
    expect(after(known, poll, 2 * DAY)).toEqual(actor(1, { cursor: 9, seen: 2 * DAY }));
    expect(
      after({ actor: actor(1, { seen: DAY }) }, request({ since: 9 }), 9 * DAY),
    ).toBeUndefined();
    expect(after({}, request({ since: 9 }), 9 * DAY)).toBeUndefined();
    const pushed = request({ since: 9, ops: [op(2)] });
    expect(after(known, pushed, DAY + 1)).toMatchObject({ last: 2, seen: DAY + 1 });
  });

  it('[RT6] the clock that its last push began with, which never goes back', () => {
    const known = (pushedFrom: number) => ({
      actor: actor(5, { pushedFrom }),
      kept: kept([op(3), op(4), op(5)]),
    });
    const push = (...ops: RealOp[]) => request({ since: 9, ops });
    expect(after(known(2), push(op(4), op(5), op(6)), 0)).toMatchObject({ pushedFrom: 4 });
    expect(after(known(5), push(op(4), op(5), op(6)), 0)).toMatchObject({ pushedFrom: 5 });
    expect(after(known(2), push(op(4), op(5)), 0)).toBeUndefined();
  });
});

describe('the server’s own actor', () => {
  it('[RT27] is nobody else’s', () => {
    const asked = request({ actor: SERVER_ACTOR, ops: [op(1)] });
    for (const facts of [standing(), standing({ actor: actor(1) })]) {
      expect(admit(facts, asked, circumstances())).toEqual({
        writes: null,
        page: null,
        reply: { kind: 'refused', error: { code: 'forbidden' } },
      });
    }
  });
});
