import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_DIGEST, digestThrough } from '../../core/index.ts';
import type { SequencedOp } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { accountId, actorId, NOW, op, seqs, spaceId, voided } from '../testing/log-words.ts';
import { answerIn, answersOf, errorIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

let app: TestApp;
let ann: string;
let nth = 0;
beforeAll(async () => {
  app = await openApp({ now: () => NOW });
  ann = await app.tokenFor('ann');
});
afterAll(() => app.stop());

/** A space of its own for each test. */
const fresh = () => spaceId((nth += 1));
const [A, B] = [actorId(1), actorId(2)];

describe('POST /sync/push', () => {
  it('[LG17] names an own op of this request alone, and gives every other whole', async () => {
    const space = fresh();
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops: [op(1)] } });
    const answer = answerIn(
      await app.push(ann, { [space]: { actor: B, since: 0, ops: [op(1, { payload: '"b"' })] } }),
      space,
    );
    const theirs = { seq: 1, actor: A, clock: 1, base: 0, at: op(1).at, v: 1, payload: '{"op":1}' };
    expect(answer.ops).toEqual([theirs, { seq: 2, actor: B, clock: 1, at: op(1).at, v: 1 }]);
    const again = answerIn(await app.push(ann, { [space]: { actor: A, since: 0 } }), space);
    expect(again.ops[0]).toEqual(theirs);
  });

  it('[LG17] names own ops alone that the request says it has, and nobody else’s', async () => {
    const space = fresh();
    const ops = [op(1), op(2), op(3)];
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops } });
    await app.push(ann, { [space]: { actor: B, since: 0, ops } });
    const asked = { actor: A, since: 0, have: { from: 2, to: 2 } };
    const { ops: answered } = answerIn(await app.push(ann, { [space]: asked }), space);
    const named = answered.filter((one) => one.payload === undefined);
    expect(named).toMatchObject([{ seq: 2, actor: A, clock: 2, at: op(2).at }]);
    expect(answered).toHaveLength(6);
  });

  it('[LG28] answers no ops to who asks for what is settled alone, and says that there are some', async () => {
    const space = fresh();
    const push = async (more: object) =>
      answerIn(
        await app.push(ann, { [space]: { actor: A, since: 0, acksOnly: true, ...more } }),
        space,
      );
    const ops = [op(1), op(2, { base: 9 })];
    expect(await push({ create: true, ops })).toMatchObject({
      acked: 2,
      refused: [{ clock: 2, code: 'bad_op' }],
      ops: [],
      digest: EMPTY_DIGEST,
      head: 1,
      more: true,
    });
    expect(await push({ since: 1 })).toMatchObject({ ops: [], head: 1, more: false });
  });

  it('[LG29] answers no ops to who would begin with a snapshot, but where all of them are few', async () => {
    const space = fresh();
    const ops = [op(1), op(2), op(3)];
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops } });
    const pull = async (more: object) =>
      answerIn(
        await app.push(ann, { [space]: { actor: B, since: 0, whole: true, ...more } }),
        space,
      );
    expect(await pull({ limit: 2 })).toMatchObject({
      ops: [],
      digest: EMPTY_DIGEST,
      head: 3,
      more: true,
    });
    expect((await pull({ limit: 3 })).ops).toHaveLength(3);
    expect((await pull({ limit: 2, since: 1 })).ops).toHaveLength(2);
    expect((await pull({})).ops).toHaveLength(3);
  });

  it('[LG2] a request repeated whole has the same answer', async () => {
    const space = fresh();
    const ops = [op(1), op(2, { base: 9 }), voided(3), op(4)];
    const push = () => app.push(ann, { [space]: { actor: A, since: 0, create: true, ops } });
    const first = await push();
    expect(await push()).toEqual(first);
    expect(answerIn(first, space)).toMatchObject({ head: 2, acked: 4 });
  });

  it('[LG12] answers with the chain at the last op returned, which a client can compute', async () => {
    const space = fresh();
    const ops = [op(1), op(2, { at: NOW + 5000, key: 'ключ' }), op(3, { payload: '⛺' })];
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops } });
    const pulled = answerIn(await app.push(ann, { [space]: { actor: B, since: 0 } }), space);
    const chain = digestThrough(EMPTY_DIGEST, pulled.ops as SequencedOp[], sha256);
    expect(pulled.digest).toBe(chain);
    const idle = { actor: B, since: 3, epoch: pulled.epoch, digest: chain };
    const poll = answerIn(await app.push(ann, { [space]: idle }), space);
    expect(poll).toMatchObject({ ops: [], digest: chain, more: false });
  });

  it('[LG18] cuts an answer by count and by bytes, and says so', async () => {
    const small = await openApp({ limits: { opsPerAnswer: 3, answerBytes: 40 } });
    const token = await small.tokenFor('ann');
    const [space] = [fresh()];
    const ops = [1, 2, 3, 4].map((clock) => op(clock, { payload: 'x'.repeat(clock * 10) }));
    await small.push(token, { [space]: { actor: A, since: 0, create: true, ops } });
    const from = async (since: number) => {
      const answer = answerIn(await small.push(token, { [space]: { actor: B, since } }), space);
      return [seqs(answer.ops), answer.more];
    };
    expect(await from(0)).toEqual([[1, 2], true]);
    expect(await from(2)).toEqual([[3], true]);
    expect(await from(3)).toEqual([[4], false]);
    expect(await from(4)).toEqual([[], false]);
    await small.stop();
  });

  it('[WI10] what goes wrong in one space is that one’s answer', async () => {
    const [good, gap, none] = [fresh(), fresh(), fresh()];
    const answers = await app.push(ann, {
      [gap]: { actor: A, since: 0, create: true, ops: [op(2)] },
      [none]: { actor: A, since: 0 },
      [good]: { actor: A, since: 0, create: true, ops: [op(1)] },
    });
    expect(errorIn(answers, gap)).toEqual({ code: 'clock_gap', expected: 1 });
    expect(errorIn(answers, none)).toEqual({ code: 'no_such_space' });
    expect(answerIn(answers, good)).toMatchObject({ head: 1, acked: 1 });
  });

  it('[LG4] a space is not made by a request that fails', async () => {
    const space = fresh();
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops: [op(2)] } });
    const answers = await app.push(ann, { [space]: { actor: A, since: 0 } });
    expect(errorIn(answers, space)).toEqual({ code: 'no_such_space' });
  });

  it('[LG6] a refusal is repeated until a push from a higher clock', async () => {
    const space = fresh();
    const ops = [op(1), op(2, { base: 9 }), op(3)];
    const refused = async (more: object) => {
      const ask = { actor: A, since: 0, create: true, ...more };
      return answerIn(await app.push(ann, { [space]: ask }), space).refused;
    };
    const refusal = [{ clock: 2, code: 'bad_op' }];
    expect(await refused({ ops })).toEqual(refusal);
    expect(await refused({ ops })).toEqual(refusal);
    expect(await refused({})).toEqual(refusal);
    expect(await refused({ ops: [op(3), op(4)] })).toEqual([]);
    const late = await app.push(ann, { [space]: { actor: A, since: 0, ops } });
    expect(errorIn(late, space)).toEqual({ code: 'actor_forked', clock: 2 });
  });

  it('[LG7] a void names what is in the log already', async () => {
    const space = fresh();
    await app.push(ann, { [space]: { actor: A, since: 0, create: true, ops: [op(1)] } });
    const ops = [voided(1), voided(2)];
    const answers = await app.push(ann, { [space]: { actor: A, since: 0, ops } });
    expect(answerIn(answers, space)).toMatchObject({ taken: [1], acked: 2, head: 1 });
  });
});

describe('the door of /sync/push', () => {
  const push = (body: unknown, token = ann) => app.call('/sync/push', { token, body });

  it('[WI8] another account than the token’s: nothing is taken', async () => {
    const space = fresh();
    const spaces = { [space]: { actor: A, since: 0, create: true, ops: [op(1)] } };
    const response = await push({ account: accountId(7), spaces });
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { code: 'wrong_account' },
    ]);
    expect(errorIn(await app.push(ann, { [space]: { actor: A, since: 0 } }), space)).toEqual({
      code: 'no_such_space',
    });
    const { id } = await app.accounts.named('ann');
    expect((await push({ account: id, spaces })).status).toBe(200);
  });

  it('[WI7] more ops or spaces than the limit are too large, by name and number', async () => {
    const space = fresh();
    const ops = Array.from({ length: 501 }, (_, i) => op(i + 1));
    const many = await push({ spaces: { [space]: { actor: A, since: 0, create: true, ops } } });
    expect(many.status).toBe(413);
    expect(await many.json()).toMatchObject({
      code: 'too_large',
      limit: 500,
      path: `spaces.${space}.ops`,
    });
    const ids = Array.from({ length: 1001 }, () => [fresh(), { actor: A, since: 0 }]);
    const wide = await push({ spaces: Object.fromEntries(ids) });
    expect(await wide.json()).toMatchObject({ code: 'too_large', limit: 1000, path: 'spaces' });
  });

  const S = spaceId(1);
  const asked = { actor: A, since: 0 };
  it.each([
    ['', 'text'],
    ['spaces', {}],
    ['account', { account: 'ann', spaces: {} }],
    ['spaces.x', { spaces: { x: asked } }],
    [`spaces.${S}.actor`, { spaces: { [S]: { ...asked, actor: A.toUpperCase() } } }],
    [`spaces.${S}.since`, { spaces: { [S]: { ...asked, since: -1 } } }],
    [`spaces.${S}.since`, { spaces: { [S]: { ...asked, since: 2 ** 53 } } }],
    [`spaces.${S}.digest`, { spaces: { [S]: { ...asked, digest: 'ff' } } }],
    [`spaces.${S}.create`, { spaces: { [S]: { ...asked, create: 1 } } }],
    [`spaces.${S}.ops.1.clock`, { spaces: { [S]: { ...asked, ops: [op(1), op(0)] } } }],
    [`spaces.${S}.ops.0.base`, { spaces: { [S]: { ...asked, ops: [op(1, { base: 0.5 })] } } }],
    [
      `spaces.${S}.ops.0.payload`,
      { spaces: { [S]: { ...asked, ops: [{ ...op(1), payload: {} }] } } },
    ],
    [`spaces.${S}.ops.0.void`, { spaces: { [S]: { ...asked, ops: [{ clock: 1, void: 0 }] } } }],
  ])('[WI2] a fault is named by its path: %s', async (path, body) => {
    const response = await push(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request', path });
  });

  it.each([
    ['a name', { spaces: { ['x'.repeat(100_000)]: {} } }],
    ['a value', { spaces: 'x'.repeat(100_000) }],
  ])('[WI26] a fault says a few words of what was sent, and no more: %s', async (_, body) => {
    const response = await push(body);
    const text = await response.text();
    expect([response.status, text.length < 1000]).toEqual([400, true]);
    expect(JSON.parse(text)).toMatchObject({
      code: 'bad_request',
      detail: expect.any(String) as string,
    });
  });

  it('[WI2] members that are not known are ignored, whatever their name', async () => {
    const space = fresh();
    const body = `{"later":1,"spaces":{"${space}":{"actor":"${A}","since":0,"create":true,"__proto__":{"since":9},
      "ops":[{"clock":1,"base":0,"at":0,"payload":"{}","constructor":1}]}}}`;
    const response = await push(new TextEncoder().encode(body));
    expect(answerIn(answersOf(await response.json()), space)).toMatchObject({
      head: 1,
    });
  });
});
