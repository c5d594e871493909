/** A live edit has its clock as soon as it is accepted; what waits has not. */
import { describe, expect, it } from 'vitest';
import type { OpRequest, OutboxRow, ParsedPageRequest, SpaceId } from '../core/index.ts';
import type { Ports } from '../sw/engine/ports.ts';
import type { Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, setTitle } from './support/lists-config.ts';

const lab = openLab();

/** Connected and at rest, in a space that the server knows. While it is held nothing is sent. */
async function atRest() {
  let held: Promise<void> = Promise.resolve();
  let letGo = (): void => {};
  const around = (ports: Ports): Ports => ({
    ...ports,
    locks: {
      async exclusive(name, work) {
        await held;
        return ports.locks.exclusive(name, work);
      },
    },
  });
  const token = await lab.nextToken();
  const device = lab.device({ listens: false, around });
  await device.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('a', 'Tent')]);
  await drain(device);
  expect(await outboxOf(device)).toEqual([]);
  const before = (await device.space(space))?.progress.sealed ?? 0;
  const hold = (): void => {
    held = new Promise((release) => (letGo = release));
  };
  return { device, token, space, before, hold, letGo: () => letGo() };
}

/** Until it is accepted, and not until it is sent. */
async function accept(one: Device, ...ops: OpRequest[]): Promise<void> {
  const request = { v: 1, type: 'write', ops, seen: {}, rebuilt: {}, instead: [] };
  const { reply, afterwards } = await one.engine.handle(request as unknown as ParsedPageRequest);
  afterwards?.catch(() => undefined);
  expect(reply.type).toBe('accepted');
}

const drain = (one: Device) => one.ask({ v: 1, type: 'sync-now' });
const outboxOf = (one: Device): Promise<OutboxRow[]> => one.table('_outbox').toArray();
const clocksOf = async (one: Device) => (await outboxOf(one)).map(({ seal }) => seal?.clock);
const edit = (space: SpaceId, title: string, more: Partial<OpRequest> = {}): OpRequest => ({
  space,
  do: [setTitle('a', title)],
  ...more,
});

async function expectAllThere({ device, token, letGo }: Awaited<ReturnType<typeof atRest>>) {
  device.offline = false;
  letGo();
  await device.ask({ v: 1, type: 'resume' });
  // What is typed leaves after a pause.
  await expect
    .poll(() => drain(device).then(() => device.engine.status()))
    .toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
  const other = lab.device({ listens: false });
  await other.connect(lab.server.url, token);
  await drain(other);
  expect(await other.rows('items')).toEqual(await device.rows('items'));
}

describe('[SE17] a live edit', () => {
  it('is sealed in the commit that accepts it, and goes out under that clock', async () => {
    const all = await atRest();
    const { device, space, before } = all;
    all.hold();
    await accept(device, edit(space, 'Tarp'));
    expect(await clocksOf(device)).toEqual([before + 1]);
    expect(await device.space(space)).toMatchObject({
      pending: 1,
      progress: { sealed: before + 1 },
    });
    await expectAllThere(all);
    expect((await device.space(space))?.progress).toMatchObject({ acked: before + 1 });
  });

  it('gives each of its ops a clock', async () => {
    const all = await atRest();
    const { device, space, before } = all;
    all.hold();
    await accept(device, edit(space, 'Tarp'), edit(space, 'Stove'));
    expect(await clocksOf(device)).toEqual([before + 1]);
    expect((await device.space(space))?.progress.sealed).toBe(before + 2);
    await expectAllThere(all);
  });

  it('has the same clock where the worker is killed before it is sent', async () => {
    const all = await atRest();
    const { device, space, before } = all;
    all.hold();
    await accept(device, edit(space, 'Tarp'));
    device.restart();
    await expectAllThere(all);
    expect((await device.space(space))?.progress).toMatchObject({ sealed: before + 1 });
  });
});

describe('[SE17] what is not sent at once', () => {
  it('has no clock while the device is paused', async () => {
    const all = await atRest();
    await all.device.ask({ v: 1, type: 'pause' });
    await accept(all.device, edit(all.space, 'Tarp'));
    expect(await clocksOf(all.device)).toEqual([undefined]);
    await expectAllThere(all);
  });

  it('has none while the server cannot be reached', async () => {
    const all = await atRest();
    all.device.offline = true;
    await drain(all.device);
    all.hold();
    await accept(all.device, edit(all.space, 'Tarp'));
    expect(await clocksOf(all.device)).toEqual([undefined]);
    await expectAllThere(all);
  });

  it('has none behind what waits', async () => {
    const all = await atRest();
    const { device, space, before } = all;
    all.hold();
    await accept(device, edit(space, 'Tarp'));
    await accept(device, edit(space, 'Stove'));
    expect(await clocksOf(device)).toEqual([before + 1, undefined]);
    await expectAllThere(all);
  });

  it('has none while it is typed', async () => {
    const all = await atRest();
    await accept(all.device, edit(all.space, 'Ta', { typing: true }));
    expect(await clocksOf(all.device)).toEqual([undefined]);
    await expectAllThere(all);
  });

  it('has none before a server has its space', async () => {
    const device = lab.device({ listens: false });
    await device.put(undefined, [newItem('a', 'Tent')]);
    expect(await clocksOf(device)).toEqual([undefined]);
  });
});
