/**
 * A server that moves to another machine while its devices go on: by the command as a person runs it,
 * with the real engine on both sides of the move.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SequencedOp } from '../core/index.ts';
import { openServer, type OpenServer } from '../server/index.ts';
import { buildServer, offing } from '../server/testing/process.ts';
import { scratchDirectory } from '../server/testing/scratch.ts';
import { createDevice, type Device } from './support/device.ts';
import { listsConfig, newItem, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

let root: string;
let server: OpenServer;
const devices: Device[] = [];
beforeAll(() => buildServer());
beforeEach(async () => {
  root = await scratchDirectory('moved');
  server = await openServer({ data: join(root, 'old') });
});
afterEach(async () => {
  devices.splice(0).forEach((device) => device.close());
  await server.close();
  await rm(root, { recursive: true });
});

async function connected(token: string): Promise<Device> {
  const device = createDevice({ config: listsConfig, listens: false });
  devices.push(device);
  await device.connect(server.url, token);
  return device;
}

async function settle(...all: readonly Device[]): Promise<void> {
  for (let round = 0; round < 4; round++)
    for (const one of all) await one.ask({ v: 1, type: 'ring', reason: 'visible' });
}

const titleOf = ({ payload }: SequencedOp) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '';

describe('a server that was moved', () => {
  it('[OPS60] [OPS61] [OPS64] [AB31] has again what was written after it was exported, once, and its devices go on with their tokens', async () => {
    const { id: account } = await server.accounts.named('ann');
    const token = await server.tokens.mint({ account, label: 'test' });
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    await settle(a, b);
    const archive = join(root, 'all.jsonl.gz');
    const [from, to] = [join(root, 'old'), join(root, 'new')];
    // The server goes on, and both devices get ahead of what was exported.
    expect(offing(['export', '--all', archive, '--data', from])).toMatchObject({ code: 0 });
    await a.put(space, [newItem('ia', 'A since')]);
    await b.put(space, [setTitle('i1', 'B since')]);
    await settle(a, b);
    a.offline = true;
    await a.put(space, [setTitle('ia', 'A pending')]);
    const { port } = server;
    await server.close();
    expect(offing(['import', archive, '--data', to])).toMatchObject({ code: 0 });
    server = await openServer({ data: to, port });
    a.offline = false;
    await settle(a, b);
    const logs = await logsOf(server.url, token);
    const titles = (logs.get(space) ?? []).map(titleOf);
    expect(titles[0]).toBe('before');
    expect(titles.toSorted()).toEqual(['A pending', 'A since', 'B since', 'before']);
    for (const one of [a, b]) {
      expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
      expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
      expect(await one.rows('items')).toEqual(await a.rows('items'));
      expect(await one.table('_missing').count()).toBe(0);
    }
    expect((await a.rows('items')).get('ia')).toMatchObject({ title: 'A pending' });
  });
});
