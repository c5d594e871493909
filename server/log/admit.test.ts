import { describe, expect, it } from 'vitest';
import {
  asClock,
  DEFAULT_LIMITS,
  EMPTY_DIGEST,
  fromHex,
  PAYLOAD_VERSIONS,
} from '../../core/index.ts';
import {
  accountId,
  actor,
  ACTOR,
  circumstances,
  EPOCH,
  kept,
  NOW,
  op,
  request,
  seqs,
  space,
  standing,
  voided,
} from '../testing/log-words.ts';
import { admit } from './admit.ts';
import type { Admission, Circumstances } from './admit.ts';
import type { Standing } from './enter.ts';
import { digestAfter, hashOfReceived, unplaced } from './op-hash.ts';
import type { LogRequest } from './request.ts';

const run = (facts: Standing, asked: LogRequest, more: Partial<Circumstances> = {}) =>
  admit(facts, asked, circumstances(more));

/** The admission, for a request that must not be turned away. */
function admitted(plan: ReturnType<typeof run>): Extract<Admission, { kind: 'admitted' }> {
  expect(plan.reply).toMatchObject({ kind: 'admitted' });
  return plan.reply as Extract<Admission, { kind: 'admitted' }>;
}

const errorOf = ({ reply, writes }: ReturnType<typeof run>) => {
  expect(writes).toBeNull();
  return reply.kind === 'refused' ? reply.error : reply;
};

const AHEAD = 'f'.repeat(32);
const at5 = standing({ space: space({ head: 5, digest: AHEAD }), actor: actor(0) });

describe('new ops', () => {
  it('[LG1] take the seqs after the head, without a hole', () => {
    const { writes, reply } = run(at5, request({ ops: [op(1), op(2), op(3)] }));
    expect(seqs(writes?.append ?? [])).toEqual([6, 7, 8]);
    expect(reply).toMatchObject({
      head: 8,
      acked: 3,
      appended: [{ seq: 6 }, { seq: 7 }, { seq: 8 }],
    });
    expect(writes?.actor).toEqual(actor(3, { pushedFrom: 1 }));
  });

  it('[LG1] a refused or void one among them takes no seq', () => {
    const ops = [op(1), op(2, { base: 99 }), voided(3), op(4)];
    const { writes } = run(at5, request({ ops }));
    expect(writes?.append.map(({ seq, clock }) => [seq, clock])).toEqual([
      [6, 1],
      [7, 4],
    ]);
  });

  it('[LG10] are stored with the earlier of their time and the server’s', () => {
    const ops = [op(1, { at: NOW - 1 }), op(2, { at: NOW + 1 })];
    const { writes } = run(at5, request({ ops }));
    expect(writes?.append.map(({ at }) => at)).toEqual([NOW - 1, NOW]);
  });

  it('[LG3] are kept as they were received: a row whose time is another has their hash', () => {
    const ahead = op(2, { at: NOW + 1 });
    const { writes } = run(at5, request({ ops: [op(1), ahead] }));
    const hash = hashOfReceived(unplaced(ACTOR, ahead));
    expect(writes?.append.map((row) => row.hash)).toEqual([null, hash]);
    const facts = standing({
      actor: actor(2),
      kept: new Map([[ahead.clock, { isInLog: true, hash }]]),
    });
    expect(admitted(run(facts, request({ ops: [ahead] }))).acked).toBe(2);
    const other = request({ ops: [op(2, { at: NOW })] });
    expect(errorOf(run(facts, other))).toEqual({ code: 'actor_forked', clock: 2 });
  });

  it('[LG12] carry the chain on from the head, over what is stored', () => {
    const { writes } = run(at5, request({ ops: [op(1, { at: NOW + 9 }), op(2)] }));
    const first = digestAfter(fromHex(AHEAD), { ...unplaced(ACTOR, op(1)), at: NOW });
    const second = digestAfter(first, unplaced(ACTOR, op(2)));
    expect(writes?.append.map(({ digest }) => digest)).toEqual([first, second]);
  });

  it('[LG11] of a version that is not known use up no clock', () => {
    const error = errorOf(run(at5, request({ ops: [op(1), op(2, { v: 99 })] })));
    expect(error).toEqual({ code: 'protocol_unsupported', versions: [...PAYLOAD_VERSIONS] });
  });
});

describe('an op sent again', () => {
  const facts = standing({ actor: actor(3), kept: kept([op(2), op(3)]) });

  it('[LG2] is a success, settled, and not stored twice', () => {
    const { writes, reply } = run(facts, request({ ops: [op(2), op(3)] }));
    expect(writes).toBeNull();
    expect(reply).toMatchObject({ kind: 'admitted', acked: 3, appended: [] });
  });

  it('[LG2] does not hold up the new ones after it', () => {
    const { writes } = run(facts, request({ ops: [op(3), op(4)] }));
    expect(writes?.append.map(({ clock }) => clock)).toEqual([4]);
  });

  it('[LG2] may come twice in one request', () => {
    const { writes } = run(facts, request({ ops: [op(4), op(4)] }));
    expect(writes?.append).toHaveLength(1);
  });

  it.each([
    ['payload', { payload: '{}' }],
    ['base', { base: 1 }],
    ['time', { at: NOW }],
    ['key', { key: 'k' }],
    ['version', { v: 2 }],
  ])('[LG3] with another %s is a fork, and nothing is taken', (_, change) => {
    const error = errorOf(run(facts, request({ ops: [op(2), op(3, change), op(4)] })));
    expect(error).toEqual({ code: 'actor_forked', clock: 3 });
  });

  it('[LG3] of which nothing is kept is a fork', () => {
    expect(errorOf(run(facts, request({ ops: [op(1)] })))).toEqual({
      code: 'actor_forked',
      clock: 1,
    });
  });

  it('[LG3] as another in one request is a fork', () => {
    const error = errorOf(run(facts, request({ ops: [op(4), op(4, { payload: '{}' })] })));
    expect(error).toEqual({ code: 'actor_forked', clock: 4 });
  });

  it('[LG3] a fork is found before any fence', () => {
    const asked = { epoch: 'other', since: 99, ops: [op(3, { payload: '{}' })] };
    expect(errorOf(run(facts, request(asked as never)))).toMatchObject({ code: 'actor_forked' });
  });
});

describe('a clock beyond the next', () => {
  it.each([
    ['of an actor known here', actor(3), [op(5)], 4],
    ['of an actor never seen', null, [op(2)], 1],
    ['after good ones', actor(3), [op(4), op(6)], 5],
    ['that would be void', actor(3), [voided(5)], 4],
  ])('[LG4] %s is a gap, and nothing is taken', (_, who, ops, expected) => {
    const error = errorOf(run(standing({ actor: who }), request({ ops })));
    expect(error).toEqual({ code: 'clock_gap', expected });
  });
});

describe('an op that can never be in the log', () => {
  const long = 'é'.repeat(DEFAULT_LIMITS.payloadBytes / 2);

  it.each([
    ['above the head', { base: 6 }, { code: 'bad_op' }],
    ['with U+0000', { payload: 'a\u0000b' }, { code: 'bad_op' }],
    ['with a lone surrogate', { payload: 'a\ud800b' }, { code: 'bad_op' }],
    ['with U+0000 in its key', { key: '\u0000' }, { code: 'bad_op' }],
    ['with an endless key', { key: 'k'.repeat(257) }, { code: 'bad_op' }],
    ['too large in bytes', { payload: `${long}.` }, { code: 'too_large', limit: 65_536 }],
  ])('[LG9] %s is refused for good', (_, change, refusal) => {
    const { reply } = run(at5, request({ ops: [op(1, change)] }));
    expect(reply).toMatchObject({ acked: 1, refused: [{ clock: 1, ...refusal }] });
  });

  it.each([
    ['based on the head', { base: 5 }],
    ['as large as it may be', { payload: long }],
    ['with a pair of surrogates', { payload: '⛺ 🏕' }],
    ['without a payload', { payload: '' }],
  ])('[LG9] %s is taken', (_, change) => {
    expect(run(at5, request({ ops: [op(1, change)] })).writes?.append).toHaveLength(1);
  });

  it('[LG5] uses up its clock, and the ops beside it are taken', () => {
    const ops = [op(1), op(2, { base: 99 }), op(3)];
    const { writes, reply } = run(at5, request({ ops }));
    expect(writes?.append.map(({ clock }) => clock)).toEqual([1, 3]);
    expect(writes?.refuse.map(({ clock }) => clock)).toEqual([2]);
    expect(reply).toMatchObject({ acked: 3, refused: [{ clock: 2, code: 'bad_op' }] });
  });

  it('[LG3] has its hash kept too: other bytes under its clock are a fork', () => {
    const bad = op(1, { base: 99 });
    const facts = standing({ actor: actor(1), kept: kept([bad], false) });
    expect(run(facts, request({ ops: [bad] })).reply).toMatchObject({ acked: 1 });
    expect(errorOf(run(facts, request({ ops: [op(1)] })))).toMatchObject({ code: 'actor_forked' });
  });
});

describe('a refusal', () => {
  const refused = [{ clock: asClock(2), code: 'bad_op' }];
  const facts = standing({ actor: actor(3), kept: kept([op(1), op(2), op(3)]), refused });

  it.each([
    ['a pull', []],
    ['a push that begins below it', [op(1)]],
    ['a push that begins with it', [op(2)]],
    ['a void that gives it up', [voided(2)]],
  ])('[LG6] is repeated to %s', (_, ops) => {
    const { writes, reply } = run(facts, request({ ops }));
    expect(reply).toMatchObject({ refused });
    expect(writes).toBeNull();
  });

  it('[LG6] is forgotten when its actor pushes from a higher clock', () => {
    const { writes, reply } = run(facts, request({ ops: [op(3)] }));
    expect(admitted({ writes, reply, page: null }).refused).toEqual([]);
    expect(writes?.forgetBelow).toBe(3);
  });

  it('[LG6] is repeated behind a fence: what settles an op says how', () => {
    const error = errorOf(run(facts, request({ since: 9, ops: [op(2)] })));
    expect(error).toEqual({ code: 'cursor_ahead', head: 0, acked: 3, refused });
  });
});

describe('a void clock', () => {
  it('[LG7] is used up and leaves nothing in the log', () => {
    const { writes, reply } = run(at5, request({ ops: [voided(1), op(2)] }));
    expect(writes?.append.map(({ clock }) => clock)).toEqual([2]);
    expect(reply).toMatchObject({ acked: 2, taken: [] });
  });

  it('[LG7] that is in the log already is named', () => {
    const facts = standing({ actor: actor(2), kept: kept([op(1)]) });
    const { reply } = run(facts, request({ ops: [voided(1), voided(2)] }));
    expect(reply).toMatchObject({ acked: 2, taken: [1] });
  });

  it('[LG7] may be said again, and is no op afterwards', () => {
    const facts = standing({ actor: actor(1) });
    expect(run(facts, request({ ops: [voided(1)] })).reply).toMatchObject({ acked: 1, taken: [] });
    expect(errorOf(run(facts, request({ ops: [op(1)] })))).toMatchObject({ code: 'actor_forked' });
  });
});

describe('the fences', () => {
  const where = space({ head: 9, horizon: 4, from: 3, digest: AHEAD });
  const facts = standing({ space: where, actor: actor(2), digestAtSince: AHEAD });

  it.each([
    [
      { since: 9, epoch: 'e0' },
      { code: 'epoch_changed', epoch: EPOCH, from: 3, head: 9 },
    ],
    [{ since: 10 }, { code: 'cursor_ahead', head: 9 }],
    [{ since: 3 }, { code: 'cursor_expired', horizon: 4 }],
    [
      { since: 9, digest: EMPTY_DIGEST },
      { code: 'digest_mismatch', seq: 9 },
    ],
  ])('[LG8] keep out %o, on push as on pull', (asked, error) => {
    const settled = { ...error, acked: 2, refused: [] };
    expect(errorOf(run(facts, request(asked as never)))).toEqual(settled);
    const push = request({ ...(asked as object), ops: [op(3)] });
    expect(errorOf(run(facts, push))).toEqual(settled);
  });

  it.each([{ since: 9 }, { since: 4 }, { since: 9, epoch: EPOCH, digest: AHEAD }])(
    '[LG8] let in %o',
    (asked) => {
      expect(run(facts, request(asked)).reply).toMatchObject({ kind: 'admitted' });
    },
  );

  it('[LG8] come before a gap: who has another history must hear that first', () => {
    expect(errorOf(run(facts, request({ since: 10, ops: [op(9)] })))).toMatchObject({
      code: 'cursor_ahead',
    });
  });
});

describe('the recorded cursor', () => {
  const where = space({ head: 9, digest: AHEAD });
  const cursorAfter = (before: number | null, since: number, digest?: string) => {
    const facts = standing({ space: where, actor: actor(1, { cursor: before }) });
    const known = { ...facts, digestAtSince: AHEAD };
    const { writes } = run(known, request({ since, ...(digest ? { digest } : {}) }));
    return writes?.actor?.cursor ?? null;
  };

  it('[LG13] moves forward with a matching digest', () => {
    expect(cursorAfter(null, 5, AHEAD)).toBe(5);
    expect(cursorAfter(4, 5, AHEAD)).toBe(5);
  });

  it('[LG13] does not move without one, nor back, nor at seq 0', () => {
    expect(cursorAfter(null, 5)).toBeNull();
    expect(cursorAfter(7, 5, AHEAD)).toBeNull();
    expect(cursorAfter(5, 5, AHEAD)).toBeNull();
    const begun = run(standing(), request({ digest: EMPTY_DIGEST }));
    expect(begun.writes).toBeNull();
  });

  it('[LG13] stays when only the clock moves', () => {
    const facts = standing({ space: where, actor: actor(1, { cursor: 7 }), digestAtSince: AHEAD });
    const { writes } = run(facts, request({ since: 5, digest: AHEAD, ops: [op(2)] }));
    expect(writes?.actor).toEqual(actor(2, { cursor: 7, pushedFrom: 2 }));
  });
});

describe('who may', () => {
  it('[LG14] an actor is its account’s alone', () => {
    const facts = standing({ actor: actor(1, { account: accountId(2) }) });
    expect(errorOf(run(facts, request()))).toEqual({ code: 'forbidden' });
    expect(errorOf(run(facts, request({ ops: [op(2)] })))).toEqual({ code: 'forbidden' });
  });

  it('[LG15] who only reads gets the pull, and each op refused', () => {
    const { writes, reply } = run(standing({ access: 'read' }), request({ ops: [op(1), op(2)] }));
    expect(writes?.append).toEqual([]);
    expect(reply).toMatchObject({
      access: 'read',
      acked: 2,
      refused: [
        { clock: 1, code: 'forbidden' },
        { clock: 2, code: 'forbidden' },
      ],
    });
  });

  it('[LG16] a space is made when nobody has it', () => {
    const none = standing({ space: null, access: null, digestAtSince: null });
    const { writes, reply } = run(none, request({ create: true, ops: [op(1)] }));
    expect(writes).toMatchObject({
      make: { epoch: 'new', at: NOW },
      actor: actor(1, { pushedFrom: 1 }),
    });
    expect(reply).toMatchObject({ made: true, epoch: 'new', head: 1, access: 'write' });
  });

  it('[LG16] a space is made by a pull too', () => {
    const none = standing({ space: null, access: null, digestAtSince: null });
    const { writes } = run(none, request({ create: true }));
    expect(writes).toMatchObject({ make: { epoch: 'new' }, actor: null });
  });

  it.each([
    ['there is none', { space: null, access: null }, {}, 'no_such_space'],
    [
      'it was folded before',
      { space: null, access: null },
      { create: true, since: 1 },
      'no_such_space',
    ],
    [
      'it had an epoch',
      { space: null, access: null },
      { create: true, epoch: EPOCH },
      'no_such_space',
    ],
    [
      'the token only reads',
      { space: null, access: null, mayMake: false },
      { create: true },
      'forbidden',
    ],
    ['it is another’s', { access: null }, { create: true }, 'forbidden'],
    ['it was deleted', { space: space({ isDeleted: true }) }, { create: true }, 'space_deleted'],
  ] as const)('[LG16] and otherwise, when %s, the answer says so', (_, facts, asked, code) => {
    expect(errorOf(run(standing(facts), request(asked)))).toEqual({ code });
  });
});

describe('somebody who only looks', () => {
  it('[WI9] is recorded nowhere', () => {
    const facts = standing({ space: space({ head: 5, digest: AHEAD }), digestAtSince: AHEAD });
    const { writes, reply } = run(facts, request({ actor: null, since: 5, digest: AHEAD }));
    expect(writes).toBeNull();
    expect(reply).toMatchObject({ kind: 'admitted', acked: 0 });
  });
});
