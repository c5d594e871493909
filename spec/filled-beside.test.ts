/** A new device, and what it is answered beside its snapshot. */
import { expect, it } from 'vitest';
import type { PushAnswer, SpaceId } from '../core/index.ts';
import { uuid } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, newList } from './support/lists-config.ts';
import { newItems, ofShortLogs, scripted, write, writeOnly } from './support/snapshot-way.ts';

const lab = openLab({ snapshots: { every: 30, atLeast: 20 } });

/** An account with a list of sixty items, and a snapshot of it. */
async function longList() {
  const token = await lab.nextToken();
  const a = lab.device({ listens: false });
  await a.connect(lab.server.url, token);
  const space = uuid() as SpaceId;
  await a.put(undefined, [newList(space, 'Packing')]);
  await write(a, space, newItems(0, 60));
  await a.ask({ v: 1, type: 'ring', reason: 'visible' });
  await lab.server.keeper.idle();
  return { token, space };
}

it('[AB80] is sent none of the ops that its snapshot has', async () => {
  const { token, space } = await longList();
  const seqs: number[] = [];
  let answers = 0;
  const device = lab.device({
    listens: false,
    around: ofShortLogs,
    async fetch(url, init) {
      const response = await fetch(url, init);
      if (url.pathname !== '/sync/push') return response;
      const { spaces } = (await response.clone().json()) as PushAnswer;
      const part = spaces[space];
      if (!part || 'error' in part) return response;
      answers++;
      seqs.push(...part.ops.map(({ seq }) => seq));
      return response;
    },
  });
  await device.connect(lab.server.url, token);
  expect(answers).toBeGreaterThan(0);
  expect(seqs.filter((seq) => seq <= 60)).toEqual([]);
  expect((await device.rows('items')).size).toBe(60);
});

/** A new device whose downloads go as the script says, and what it sends as `sent` does. */
function sendingBy(sent: (url: URL, init: RequestInit) => Promise<Response>) {
  const { script, fetch: between } = scripted({});
  const isSending = ({ body }: RequestInit) => typeof body === 'string' && body.includes('"ops":[');
  const device = lab.device({
    listens: false,
    around: ofShortLogs,
    fetch: (url, init) => (isSending(init) ? sent(url, init) : between(url, init)),
  });
  return { device, script };
}

it('[DR5] says that its token was refused, whatever became of what it sent meanwhile', async () => {
  const { token, space } = await longList();
  const problem = (status: number, code: string) => Response.json({ code }, { status });
  let refused = (): void => {};
  const isRefused = new Promise<void>((done) => (refused = done));
  const { device, script } = sendingBy(async () => {
    refused();
    return problem(429, 'rate_limited');
  });
  script.push(async () => {
    await writeOnly(device, space, newItem(uuid(), 'made meanwhile'));
    await isRefused;
    return problem(401, 'token_revoked');
  });
  await device.connect(lab.server.url, token);
  await expect.poll(() => device.engine.status()).toMatchObject({ phase: 'needs-auth' });
  expect(script).toEqual([]);
});

it('[DR5] says so at once, and not when what it has sent beside that is answered', async () => {
  const { token, space } = await longList();
  let answer = (): void => {};
  const isLate = new Promise<void>((done) => (answer = done));
  let sent = (): void => {};
  const isSent = new Promise<void>((done) => (sent = done));
  const { device, script } = sendingBy(async (url, init) => {
    sent();
    await isLate;
    return fetch(url, init);
  });
  script.push(async () => {
    await writeOnly(device, space, newItem(uuid(), 'made meanwhile'));
    await isSent;
    return Response.json({ code: 'token_revoked' }, { status: 401 });
  });
  const connecting = device.connect(lab.server.url, token);
  await expect.poll(() => device.engine.status()).toMatchObject({ phase: 'needs-auth' });
  answer();
  await connecting;
  await expect.poll(() => device.engine.status()).toMatchObject({ phase: 'needs-auth' });
});
