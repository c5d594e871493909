import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openServer } from '../open-server.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf, errorIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import { run } from './run.ts';

const [S, T] = [spaceId(1), spaceId(2)];
const A = actorId(1);

let app: TestApp;
let ann: string;
let said: string;
beforeEach(async () => {
  said = '';
  vi.spyOn(console, 'log').mockImplementation((text) => void (said += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said += `${String(text)}\n`));
  app = await openApp();
  ann = await app.tokenFor('ann');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

/** Two spaces with two ops each; the epochs that they began with. */
async function twoSpaces() {
  const ask = { actor: A, since: 0, create: true, ops: [op(1), op(2)] };
  const answers = await app.push(ann, { [S]: ask, [T]: ask });
  return { s: answerIn(answers, S).epoch, t: answerIn(answers, T).epoch };
}

/** What a server on the same directory answers to who comes from those epochs. */
async function pulled({ s, t }: { s: string; t: string }) {
  const server = await openServer({ data: app.data });
  const digest = '0'.repeat(32);
  const since = [`${S}:0:${s}:${digest}`, `${T}:0:${t}:${digest}`].join(',');
  const response = await server.app.request(`/sync/pull?actor=${A}&since=${since}`, {
    headers: { Authorization: `Bearer ${ann}` },
  });
  const answers = answersOf(await response.json());
  await server.close();
  return answers;
}

describe('offing epoch new', () => {
  it('[LG25] [OPS13] begins one at the head, of which who comes from the former hears', async () => {
    const before = await twoSpaces();
    await app.close();
    expect(await run(['epoch', 'new', '--data', app.data])).toBe(0);
    const answers = await pulled(before);
    for (const [space, former] of [[S, before.s] as const, [T, before.t] as const]) {
      const error = errorIn(answers, space);
      expect(error).toMatchObject({ code: 'epoch_changed', from: 2, head: 2, acked: 2 });
      expect(error.epoch).not.toBe(former);
      expect(said).toContain(`${space}  ${error.epoch}  from 2\n`);
    }
  });

  it('[OPS13] begins one in a single space, if there is that', async () => {
    const before = await twoSpaces();
    await app.close();
    expect(await run(['epoch', 'new', '--data', app.data, '--space', spaceId(9)])).toBe(2);
    expect(await run(['epoch', 'new', '--data', app.data, '--space', T])).toBe(0);
    const answers = await pulled(before);
    expect(answerIn(answers, S)).toMatchObject({ epoch: before.s, head: 2 });
    expect(errorIn(answers, T)).toMatchObject({ code: 'epoch_changed', from: 2 });
  });

  it('[OPS13] is refused while a server serves the directory', async () => {
    await twoSpaces();
    expect(await run(['epoch', 'new', '--data', app.data])).toBe(1);
    expect(said).toContain('Another Offing is serving');
  });
});
