/**
 * Copies of one device: a browser profile that was copied, or put back from a backup. Each goes on
 * writing, as one actor at first; what either wrote is in the log once, and is known as its own.
 */
import { describe, expect, it } from 'vitest';
import type { OutboxRow, SpaceId } from '../core/index.ts';
import type { StoredSpace } from '../sw/adapters/space-rows.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { install, profileOf } from './support/clone.ts';
import type { Device } from './support/device.ts';
import { newItem, setTitle, listsConfig } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab({ limits: { payloadBytes: 600 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

interface Scene {
  readonly device: Device;
  readonly token: string;
  readonly home: SpaceId;
}

/** A connected device with one record in its home. */
async function scene(options: Parameters<typeof lab.device>[0] = {}): Promise<Scene> {
  const token = await lab.nextToken();
  const device = lab.device({ listens: false, ...options });
  await device.connect(lab.server.url, token);
  const { space: home } = await device.put(undefined, [newItem('i1', 'Tent')]);
  return { device, token, home };
}

async function copyOf(device: Device): Promise<Device> {
  const copy = await install(await profileOf(device), lab.device({ listens: false }));
  copy.offline = device.offline;
  return copy;
}

async function online(...devices: readonly Device[]): Promise<void> {
  for (const device of devices) device.offline = false;
  for (let round = 0; round < 3; round++) for (const device of devices) await ring(device);
}

async function logOf({ token, home }: Pick<Scene, 'token' | 'home'>) {
  return (await logsOf(lab.server.url, token)).get(home) ?? [];
}

/** Titles in the order of the log; each op of these tests writes one. */
async function titlesIn(scene: Scene): Promise<string[]> {
  const log = await logOf(scene);
  return log.map(({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '');
}

/** Healthy, with nothing left to send, and the fold of its logs. */
async function expectWhole(scene: Scene, ...devices: readonly Device[]): Promise<void> {
  const logs = await logsOf(lab.server.url, scene.token);
  for (const device of devices) {
    expect(await device.engine.status()).toMatchObject({
      phase: 'idle',
      pending: 0,
      setAside: 0,
      trouble: null,
    });
    expect(faultsOf(await readReplica(device, Object.keys(listsConfig.collections)), logs)).toEqual(
      [],
    );
  }
}

const spaceRow = async (device: Device, space: SpaceId) => (await device.space(space)) as SpaceRow;

describe('two copies of one device', () => {
  it('[AB30] [SE10] write on, each apart: every op of both is in the log once, and each counts its own as seen', async () => {
    const a = await scene();
    a.device.offline = true;
    const b = await copyOf(a.device);
    await a.device.put(a.home, [setTitle('i1', 'A 1')]);
    await a.device.put(a.home, [setTitle('i1', 'A 2')]);
    await b.put(a.home, [newItem('i2', 'B 1')]);
    await b.put(a.home, [setTitle('i2', 'B 2')]);
    await online(a.device, b);
    expect((await titlesIn(a)).toSorted()).toEqual(['A 1', 'A 2', 'B 1', 'B 2', 'Tent']);
    await expectWhole(a, a.device, b);
    expect(await a.device.table('_conflicts').count()).toBe(0);
    expect(await b.rows('items')).toEqual(await a.device.rows('items'));
    const [actorA, actorB] = [await spaceRow(a.device, a.home), await spaceRow(b, a.home)];
    expect(actorA.actor).not.toBe(actorB.actor);
  });

  it('[SE10] what both had written before the copy, and not sent, arrives once, and is seen by both', async () => {
    const a = await scene();
    a.device.offline = true;
    await a.device.put(a.home, [setTitle('i1', 'both 1')]);
    await a.device.put(a.home, [setTitle('i1', 'both 2')]);
    // Sealed: a try to send it, of which nothing arrived.
    await ring(a.device);
    const b = await copyOf(a.device);
    await a.device.put(a.home, [setTitle('i1', 'A')]);
    await b.put(a.home, [setTitle('i1', 'B')]);
    await online(a.device, b);
    expect(await titlesIn(a)).toEqual(['Tent', 'both 1', 'both 2', 'A', 'B']);
    const [, , , , last] = await logOf(a);
    const { selves } = await spaceRow(b, a.home);
    expect(JSON.parse(last?.payload ?? '')).toMatchObject({
      was: [{ actor: selves?.[0]?.actor, clock: 3 }],
    });
    await expectWhole(a, a.device, b);
    // A and B had not seen each other; each had seen what both wrote before.
    const conflicts = (await b.table('_conflicts').toArray()) as {
      loser: { values: Map<string, string> };
    }[];
    expect(conflicts.map(({ loser }) => [...loser.values])).toEqual([[['title', 'A']]]);
  });

  it('[AB30] [SE10] count and collect, each apart: all of it is there once, and what both had is taken away by one', async () => {
    const a = await scene();
    const item = { collection: 'items', id: 'i1' } as const;
    const count = (by: number) => ({ kind: 'increment', ...item, field: 'packed', by }) as const;
    const tag = (kind: 'add' | 'remove', value: string) =>
      ({ kind, ...item, field: 'tags', values: [value] }) as const;
    const note = (entry: string) => ({ kind: 'append', ...item, field: 'history', entry }) as const;
    a.device.offline = true;
    await a.device.put(a.home, [count(1), tag('add', 'both'), note('both')]);
    await ring(a.device);
    const b = await copyOf(a.device);
    await a.device.put(a.home, [count(2), tag('add', 'A'), note('A')]);
    await b.put(a.home, [count(4), tag('add', 'B'), note('B')]);
    // The copy had seen it under the id that it has no more.
    await b.put(a.home, [tag('remove', 'both')]);
    await online(a.device, b);
    await expectWhole(a, a.device, b);
    for (const device of [a.device, b]) {
      const row = (await device.rows('items')).get('i1');
      expect(row).toMatchObject({ packed: 7, tags: ['A', 'B'], history: ['both', 'A', 'B'] });
      expect(await device.table('_conflicts').count()).toBe(0);
    }
  });

  it('[SE10] a bulk row that the fork falls into goes in part under the old id and in part under the new', async () => {
    const a = await scene();
    a.device.offline = true;
    const bulk = Array.from({ length: 6 }, (_, i) => ({
      space: a.home,
      do: [newItem(`b${i}`, `bulk ${i}`)],
    }));
    await a.device.write(bulk);
    await ring(a.device);
    const b = await copyOf(a.device);
    // The copy keeps only the first half of the bulk, and writes something else under the clocks behind it.
    const [row] = (await b.table('_outbox').toArray()) as OutboxRow[];
    await b.table('_outbox').put({ ...row, payloads: row?.payloads.slice(0, 3) });
    const { pending } = await spaceRow(b, a.home);
    const { gone } = (await b.table('_spaces').get(a.home)) as StoredSpace;
    const halved = { gone: gone + pending - 3, 'progress.sealed': 4 };
    await b.table('_spaces').update(a.home, halved);
    for (const { id } of await b.table('items').toArray())
      if (['b3', 'b4', 'b5'].includes(id)) await b.table('items').delete([a.home, id]);
    await b.put(a.home, [newItem('other', 'of the copy')]);
    await online(b, a.device);
    expect((await titlesIn(a)).toSorted()).toEqual(
      [
        'Tent',
        'bulk 0',
        'bulk 1',
        'bulk 2',
        'bulk 3',
        'bulk 4',
        'bulk 5',
        'of the copy',
      ].toSorted(),
    );
    await expectWhole(a, a.device, b);
    expect(await a.device.table('_settled').get(row?.row ?? 0)).toMatchObject({ before: 3 });
  });

  it('[AB30] one that only reads notices it by what the other wrote, and takes an id of its own', async () => {
    const a = await scene();
    const b = await copyOf(a.device);
    await a.device.put(a.home, [setTitle('i1', 'A')]);
    await ring(b);
    expect((await b.rows('items')).get('i1')).toMatchObject({ title: 'A' });
    await b.put(a.home, [setTitle('i1', 'B')]);
    await online(a.device, b);
    expect(await titlesIn(a)).toEqual(['Tent', 'A', 'B']);
    await expectWhole(a, a.device, b);
    expect((await spaceRow(b, a.home)).actor).not.toBe((await spaceRow(a.device, a.home)).actor);
    expect(await b.table('_conflicts').count()).toBe(0);
  });

  it('[AB30] a device put back from a backup finds what it wrote since, and goes on', async () => {
    const a = await scene();
    const backup = await profileOf(a.device);
    await a.device.put(a.home, [newItem('i2', 'since')]);
    await a.device.put(a.home, [setTitle('i1', 'since too')]);
    a.device.close();
    const back = await install(backup, lab.device({ listens: false }));
    await back.put(a.home, [setTitle('i1', 'after the backup')]);
    await online(back);
    expect(await titlesIn(a)).toEqual(['Tent', 'since', 'since too', 'after the backup']);
    await expectWhole(a, back);
    expect([...(await back.rows('items')).keys()].toSorted()).toEqual(['i1', 'i2']);
  });

  it('[SE10] a copy of a copy forks again, and names both its former ids', async () => {
    const a = await scene();
    a.device.offline = true;
    const b = await copyOf(a.device);
    await a.device.put(a.home, [setTitle('i1', 'A')]);
    await b.put(a.home, [setTitle('i1', 'B')]);
    await online(a.device, b);
    b.offline = true;
    const c = await copyOf(b);
    await b.put(a.home, [newItem('ib', 'B again')]);
    await c.put(a.home, [newItem('ic', 'C')]);
    await c.write([{ space: a.home, do: [newItem('id', 'C too')] }], {});
    await online(b, c);
    await online(a.device);
    expect((await titlesIn(a)).toSorted()).toEqual(['A', 'B', 'B again', 'C', 'C too', 'Tent']);
    await expectWhole(a, a.device, b, c);
    const last = (await logOf(a)).find(({ payload }) => payload.includes('C too'));
    expect((JSON.parse(last?.payload ?? '{}') as { was: unknown[] }).was).toHaveLength(2);
  });

  it('[SE10] forks in one space only, where the copies differ', async () => {
    const a = await scene();
    const list = (await a.device.put(undefined, [newItem('x', 'x')])).space;
    const other = '01890000-0000-7000-8000-0000000000aa' as SpaceId;
    await a.device.put(other, [newItem('o', 'other')]);
    a.device.offline = true;
    const b = await copyOf(a.device);
    await a.device.put(list, [setTitle('x', 'A')]);
    await b.put(list, [setTitle('x', 'B')]);
    await online(a.device, b);
    const actors = async (device: Device, space: SpaceId) => (await spaceRow(device, space)).actor;
    expect(await actors(b, list)).not.toBe(await actors(a.device, list));
    expect(await actors(b, other)).toBe(await actors(a.device, other));
  });

  it('[SE10] an op names its former ids only as long as its base does not cover what was written under them', async () => {
    const a = await scene();
    a.device.offline = true;
    const b = await copyOf(a.device);
    await a.device.put(a.home, [setTitle('i1', 'A')]);
    await b.put(a.home, [setTitle('i1', 'B')]);
    await online(a.device, b);
    // Of a page that does not say what it had seen.
    await b.write([{ space: a.home, do: [newItem('n', 'short')] }], {});
    await online(b);
    const [last] = (await logOf(a)).slice(-1);
    expect(JSON.parse(last?.payload ?? '')).toHaveProperty('was');
    await b.write([{ space: a.home, do: [newItem('m', 'seen')] }]);
    await online(b);
    const [seen] = (await logOf(a)).slice(-1);
    expect(JSON.parse(seen?.payload ?? '')).not.toHaveProperty('was');
  });
});
