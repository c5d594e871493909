import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorId, op, seqs, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf, errorIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

let app: TestApp;
let ann: string;
const [S, T] = [spaceId(1), spaceId(2)];
const [A, B] = [actorId(1), actorId(2)];
beforeAll(async () => {
  app = await openApp();
  ann = await app.tokenFor('ann');
  const ops = [op(1), op(2, { base: 9 }), op(3)];
  await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops } });
});
afterAll(() => app.stop());

const pull = (query: string) => app.call(`/sync/pull?${query}`, { token: ann });
const pulled = async (query: string) => answersOf(await (await pull(query)).json());

describe('GET /sync/pull', () => {
  it('[WI9] is the answer of a push that sends nothing', async () => {
    const pushed = await app.push(ann, {
      [S]: { actor: A, since: 0 },
      [T]: { actor: A, since: 0 },
    });
    expect(await pulled(`actor=${A}&since=${S}:0,${T}:0`)).toEqual(pushed);
    expect(answerIn(pushed, S)).toMatchObject({ acked: 3, refused: [{ clock: 2 }] });
    expect(errorIn(pushed, T)).toEqual({ code: 'no_such_space' });
  });

  it('[WI9] checks epoch and digest where they are given, and keeps the fences', async () => {
    const { epoch, digest } = answerIn(await pulled(`since=${S}:0`), S);
    expect(answerIn(await pulled(`actor=${B}&since=${S}:2:${epoch}:${digest}`), S).ops).toEqual([]);
    const zeros = '0'.repeat(32);
    const wrong = await pulled(`actor=${B}&since=${S}:2:${epoch}:${zeros}`);
    expect(errorIn(wrong, S)).toMatchObject({ code: 'digest_mismatch', seq: 2 });
    expect(errorIn(await pulled(`since=${S}:2:e0:${digest}`), S)).toMatchObject({
      code: 'epoch_changed',
    });
    expect(errorIn(await pulled(`since=${S}:3`), S)).toMatchObject({ code: 'cursor_ahead' });
  });

  it('[WI9] answers with fewer ops where fewer are asked for, never with more', async () => {
    const cut = answerIn(await pulled(`since=${S}:0&limit=1`), S);
    expect([seqs(cut.ops), cut.more]).toEqual([[1], true]);
    expect(answerIn(await pulled(`since=${S}:0&limit=99999`), S).ops).toHaveLength(2);
  });

  it.each([
    ['since', 'limit=1'],
    ['actor', `actor=x&since=${S}:0`],
    ['limit', `since=${S}:0&limit=0`],
    ['limit', `since=${S}:0&limit=1e3`],
    ['since.0', `since=${S}`],
    ['since.0', `since=${S}:-1`],
    ['since.0', `since=${S}:9999999999999999`],
    ['since.1', `since=${S}:0,x:0`],
    ['since.0', `since=${S}:0:e1`],
    ['since.0', `since=${S}:0:e1:${'f'.repeat(32)}:more`],
    ['since', `since=${S}:0,${S}:1`],
  ])('[WI2] a fault is named by its path: %s in %s', async (path, query) => {
    const response = await pull(query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad_request', path });
  });
});
