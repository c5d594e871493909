/** What is typed is durable at once, key by key, and leaves the device as one op. */
import { describe, expect, it } from 'vitest';
import type { OpRequest, OutboxRow, ParsedPageRequest, Receipt, SpaceId } from '../core/index.ts';
import type { Device } from './support/device.ts';
import { listsConfig, newItem, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();

async function scene() {
  let now = Date.now();
  const token = await lab.nextToken();
  const device = lab.device({ listens: false, now: () => now });
  await device.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('i', '')]);
  const titles = async () =>
    ((await logsOf(lab.server.url, token)).get(space) ?? []).map(
      ({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '',
    );
  const whole = async () => {
    const logs = await logsOf(lab.server.url, token);
    return faultsOf(await readReplica(device, Object.keys(listsConfig.collections)), logs);
  };
  return { device, space, titles, whole, later: (ms: number) => void (now += ms) };
}

/** Writes one key's worth, and does not wait for what that sets off. */
async function type(
  device: Device,
  space: SpaceId,
  op: OpRequest,
): Promise<{ receipt: Receipt; whenDone: () => Promise<unknown> }> {
  const seen = { [space]: 99 };
  const request = { v: 1, type: 'write', ops: [{ space, ...op }], seen, rebuilt: {}, instead: [] };
  const { reply, afterwards } = await device.engine.handle(request as unknown as ParsedPageRequest);
  if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
  return { receipt: reply.receipts[0] as Receipt, whenDone: async () => afterwards };
}

const typed = (text: string): OpRequest => ({ do: [setTitle('i', text)], typing: true });
const ring = (device: Device) => device.ask({ v: 1, type: 'ring', reason: 'visible' });

describe('typing', () => {
  it('[SE8] is one op on the wire, and in the view and on the disk key by key', async () => {
    const { device, space, titles, whole } = await scene();
    const rows = new Set<number>();
    let whenDone: () => Promise<unknown> = async () => {};
    for (const text of ['H', 'He', 'Hel', 'Hell', 'Hello']) {
      const key = await type(device, space, typed(text));
      rows.add(key.receipt.row);
      whenDone = key.whenDone;
      expect((await device.rows('items')).get('i')).toMatchObject({ title: text });
      expect(await whole()).toEqual([]);
    }
    expect(rows.size).toBe(1);
    expect(await device.engine.status()).toMatchObject({ pending: 1 });
    await ring(device);
    expect(await titles()).toEqual(['']);
    await whenDone();
    device.restart();
    expect((await device.rows('items')).get('i')).toMatchObject({ title: 'Hello' });
  });

  it('[SE8] leaves after a pause by itself, and after a restart with the next ring', async () => {
    const { device, space, titles, whole, later } = await scene();
    await type(device, space, typed('H'));
    const { whenDone } = await type(device, space, typed('Hi'));
    later(501);
    await whenDone();
    expect(await titles()).toEqual(['', 'Hi']);
    await type(device, space, typed('Hi!'));
    device.restart();
    later(501);
    await ring(device);
    expect(await titles()).toEqual(['', 'Hi', 'Hi!']);
    expect(await whole()).toEqual([]);
  });

  it('[SE8] is not made one with anything else: not with what came between, nor with what was sent', async () => {
    const { device, space, titles, whole, later } = await scene();
    await type(device, space, typed('one'));
    await type(device, space, { do: [newItem('j', 'between')] });
    await type(device, space, typed('two'));
    await type(device, space, { do: [setTitle('i', 'no typing')] });
    later(501);
    await ring(device);
    await type(device, space, typed('after it was sent'));
    later(501);
    await ring(device);
    expect(await titles()).toEqual(['', 'one', 'between', 'two', 'no typing', 'after it was sent']);
    expect(await whole()).toEqual([]);
  });

  it('[SE8] has each write of it told when it is in the log', async () => {
    const { device, space, later } = await scene();
    const { receipt: first } = await type(device, space, typed('a'));
    const { receipt: second, whenDone } = await type(device, space, typed('ab'));
    expect(second).toEqual(first);
    later(501);
    await whenDone();
    const outcomes = device.notices.flatMap((n) => (n.type === 'outcomes' ? n.outcomes : []));
    expect(outcomes).toContainEqual({ row: first.row, kind: 'synced', seq: 2 });
    const rows = (await device.table('_settled').toArray()) as OutboxRow[];
    expect(rows.at(-1)).not.toHaveProperty('typing');
  });
});
