/**
 * Copies of one device and a server that was put back to an earlier day, in the same story: what either
 * copy wrote is in the log once, also what both had from before they parted, and also what adds.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MutationJson, SpaceId } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { copyOnto, online } from './support/clone.ts';
import { createDevice, uuid, type Device } from './support/device.ts';
import { listsConfig, newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { missingOn } from './support/missing.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';
import { timesInLogs } from './support/storm.ts';

let server: RestorableServer;
const devices: Device[] = [];
beforeAll(async () => void (server = await startRestorable()));
afterAll(() => server.stop());
afterEach(() => devices.splice(0).forEach((device) => device.close()));

/** All devices write at one time, unless a test moves it. */
let now = Date.now() - 3_600_000;
const opened = (): Device => {
  const device = createDevice({ config: listsConfig, listens: false, now: () => now });
  devices.push(device);
  return device;
};

let users = 0;
const nextToken = () => server.tokenFor(`user-${users++}`);

async function connected(token: string): Promise<Device> {
  const device = opened();
  await device.connect(server.url, token);
  return device;
}

const copyOf = (device: Device) => copyOnto(opened(), device);

const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

const I1 = { collection: 'items', id: 'i1' } as const;
const counted = (by = 1): MutationJson => ({ kind: 'increment', ...I1, field: 'packed', by });
const noted = (entry: string): MutationJson => ({ kind: 'append', ...I1, field: 'notes', entry });
const tags = (kind: 'add' | 'remove', ...values: string[]): MutationJson => ({
  kind,
  ...I1,
  field: 'tags',
  values,
});

const spaceRow = async (device: Device, space: SpaceId) => (await device.space(space)) as SpaceRow;
const i1On = async (device: Device) => (await device.rows('items')).get('i1');

async function expectWhole(token: string, ...all: readonly Device[]): Promise<void> {
  const logs = await server.logs(token);
  expect([...timesInLogs(logs)].filter(([, times]) => times > 1)).toEqual([]);
  for (const one of all) {
    expect(await one.engine.status()).toMatchObject({
      phase: 'idle',
      pending: 0,
      setAside: 0,
      trouble: null,
    });
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    expect(await one.rows('items')).toEqual(await all[0]?.rows('items'));
  }
}

/** A connected device with a record that has a set, a counter and a journal. */
async function scene() {
  const token = await nextToken();
  const a = await connected(token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent'), tags('add', 'red', 'blue')]);
  return { token, a, space };
}

describe('two copies that write alike, at one time and on one screen', () => {
  it.each([
    ['the first sends before the second looks', false],
    ['the second looks before it sends', true],
  ])('[SE12] [AB30] count what adds twice, and what sets once: %s', async (_how, isReadFirst) => {
    const { token, a, space } = await scene();
    a.offline = true;
    const b = await copyOf(a);
    for (const one of [a, b]) {
      await one.put(space, [counted()]);
      await one.put(space, [noted('noted')]);
      await one.put(space, [tags('remove', 'red'), tags('add', 'green')]);
    }
    await online(a);
    if (isReadFirst) {
      // Held back for a while, it folds what the other has written before it gives clocks of its own.
      await b
        .table('_spaces')
        .update(space, { pullOnlyUntil: now + 60_000, trouble: 'space_full' });
      b.offline = false;
      await ring(b);
      now += 61_000;
    }
    await online(b, a);
    expect(await i1On(a)).toMatchObject({
      packed: 2,
      notes: ['noted', 'noted'],
      tags: ['blue', 'green'],
    });
    await expectWhole(token, a, b);
  });

  it('[SE12] [FO27] count each of their own increments, before and after they parted, and keep what either added', async () => {
    const { token, a, space } = await scene();
    await a.put(space, [counted(10)]);
    a.offline = true;
    await a.put(space, [counted(100)]);
    await a.put(space, [tags('add', 'both')]);
    await ring(a);
    const b = await copyOf(a);
    for (const [one, name] of [
      [a, 'a'],
      [b, 'b'],
    ] as const) {
      await one.put(space, [counted()]);
      await one.put(space, [counted()]);
      await one.put(space, [tags('add', name)]);
      await one.put(space, [tags('remove', 'both')]);
    }
    now += 1;
    // B adds it again after its own removal: who had not seen that takes nothing away.
    await b.put(space, [tags('add', 'both')]);
    await online(a, b);
    const i1 = await i1On(a);
    expect(i1).toMatchObject({ packed: 114 });
    const inSet = (i1?.['tags'] ?? []) as string[];
    expect(inSet.toSorted()).toEqual(['a', 'b', 'blue', 'both', 'red']);
    await expectWhole(token, a, b);
  });
});

/** Two copies that have parted, with ops from before that which the server has lost. */
async function partedAndRestored({ newEpoch = true } = {}) {
  const { token, a, space } = await scene();
  const backup = await server.backup();
  await online(a);
  await a.put(space, [counted(10)]);
  await a.put(space, [tags('add', 'both'), newItem('i2', 'of both')]);
  const b = await copyOf(a);
  for (const one of [a, b]) one.offline = true;
  await a.put(space, [counted()]);
  await b.put(space, [counted()]);
  await b.put(space, [tags('remove', 'both'), setTitle('i2', 'of B')]);
  await online(a, b);
  const { actor } = await spaceRow(a, space);
  expect((await spaceRow(b, space)).actor).not.toBe(actor);
  for (const one of [a, b]) one.offline = true;
  await server.restore(backup, { newEpoch });
  return { token, a, b, space, actor };
}

describe.each([
  ['with a new epoch', true],
  ['with the epoch that it had', false],
])('after a fork, a server restored %s', (_how, newEpoch) => {
  it('[SE13] has what both had from before, once, though both bring it', async () => {
    const { token, a, b } = await partedAndRestored({ newEpoch });
    await online(a, b);
    expect(await i1On(a)).toMatchObject({ packed: 12, tags: ['red', 'blue'] });
    expect((await a.rows('items')).get('i2')).toMatchObject({ title: 'of B' });
    await expectWhole(token, a, b);
    for (const one of [a, b]) expect(await missingOn(one)).toEqual([]);
  });

  it('[SE13] has it from the one that has another id since, though the other never comes back', async () => {
    const { token, b, space, actor } = await partedAndRestored({ newEpoch });
    await online(b);
    const log = (await server.logs(token)).get(space) ?? [];
    // Under the id that it had, so that the other one could still bring it without doubling it.
    expect(log.filter((op) => op.actor === actor).map(({ clock }) => clock)).toEqual([1, 2, 3]);
    expect(await i1On(b)).toMatchObject({ packed: 11, tags: ['red', 'blue'] });
    expect(await missingOn(b)).toEqual(['items i1: packed 1 more']);
    await expectWhole(token, b);
  });

  it('[SE13] takes it under the present id where another op has its clock', async () => {
    const { token, a, b, space, actor } = await partedAndRestored({ newEpoch });
    // A database of the other from before it wrote any of it: it gives these clocks again.
    const back = await connected(token);
    await back
      .table('_spaces')
      .update(space, { actor, 'progress.sealed': 1, 'progress.acked': 1, 'progress.folded': 1 });
    await back.put(space, [newItem('i3', 'instead')]);
    await online(b, a, back);
    expect(await i1On(b)).toMatchObject({ packed: 12, tags: ['red', 'blue'] });
    expect((await b.rows('items')).get('i3')).toMatchObject({ title: 'instead' });
    await expectWhole(token, a, b, back);
  });

  it('[SE13] has it again after a second restore', async () => {
    const { token, a, b } = await partedAndRestored({ newEpoch });
    const backup = await server.backup();
    await online(b);
    await server.restore(backup, { newEpoch });
    await online(b, a);
    expect(await i1On(a)).toMatchObject({ packed: 12, tags: ['red', 'blue'] });
    await expectWhole(token, a, b);
  });
});

describe('a list that the server has no trace of', () => {
  it('[SE13] is made again with what went under former ids, once', async () => {
    const { token, a } = await scene();
    const backup = await server.backup();
    await online(a);
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'L')]);
    await a.put(list, [newItem('x', 'X'), counted(5)]);
    const b = await copyOf(a);
    for (const one of [a, b]) one.offline = true;
    await a.put(list, [newItem('xa', 'of A')]);
    await b.put(list, [newItem('xb', 'of B')]);
    await online(a, b);
    await server.restore(backup, { newEpoch: true });
    await online(b, a);
    expect([...(await a.rows('items', list)).keys()].toSorted()).toEqual(['x', 'xa', 'xb']);
    await expectWhole(token, a, b);
  });
});

describe('ops that wait', () => {
  it('[SE14] [SE16] in both copies are in the log once, though a restore gives them different bases', async () => {
    const token = await nextToken();
    const [a, other] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await online(other);
    const backup = await server.backup();
    await online(a, other);
    await other.put(space, [newItem('i2', 'since')]);
    await online(a);
    a.offline = true;
    await a.put(space, [setTitle('i1', 'of both')]);
    await a.put(space, [counted()]);
    const b = await copyOf(a);
    // The one comes before the restore and again after it, the other only then.
    await online(a);
    await server.restore(backup, { newEpoch: true });
    await online(a, b, other);
    expect(await i1On(b)).toMatchObject({ title: 'of both', packed: 1 });
    await expectWhole(token, a, b, other);
    expect((await spaceRow(b, space)).actor).toBe((await spaceRow(a, space)).actor);
  });

  it('[SE10] [AC31] move a record once, across a fork and a restore', async () => {
    const { token, a, space } = await scene();
    const list = uuid() as SpaceId;
    await a.put(undefined, [newList(list, 'L')]);
    await a.put(list, [newItem('there', 'there')]);
    const backup = await server.backup();
    await online(a);
    await a.put(space, [newItem('i2', 'to move')]);
    a.offline = true;
    await a.write([
      { space: list, do: [newItem('i2', 'to move')] },
      { space, do: [remove('items', 'i2')] },
    ]);
    await ring(a);
    const b = await copyOf(a);
    await a.put(list, [newItem('ia', 'A')]);
    await b.put(list, [newItem('ib', 'B')]);
    await server.restore(backup, { newEpoch: false });
    await online(a, b);
    for (const one of [a, b]) {
      expect([...(await one.rows('items', space)).keys()]).toEqual(['i1']);
      expect([...(await one.rows('items', list)).keys()].toSorted()).toEqual([
        'i2',
        'ia',
        'ib',
        'there',
      ]);
    }
    for (const one of [a, b])
      expect(
        faultsOf(await readReplica(one, ['lists', 'items']), await server.logs(token)),
      ).toEqual([]);
  });

  it('[CF6] [SE10] resolve a conflict that a former self has brought about, across a fork and a restore', async () => {
    const token = await nextToken();
    const [a, other] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await online(other);
    a.offline = true;
    await a.put(space, [{ kind: 'put', ...I1, fields: { title: 'of A' }, manual: ['title'] }]);
    await other.put(space, [setTitle('i1', 'of the other')]);
    await online(a);
    const [conflict] = (await a.table('_conflicts').toArray()) as {
      open: boolean;
      actor: string;
      clock: number;
    }[];
    expect(conflict).toMatchObject({ open: true });
    const backup = await server.backup();
    await online(a, other);
    a.offline = true;
    const b = await copyOf(a);
    const name = { actor: conflict?.actor, clock: conflict?.clock, ...I1 } as never as object;
    await b.put(space, [
      {
        kind: 'resolve',
        conflict: { ...name, field: 'title', kind: 'edit-edit' } as never,
        take: 'loser',
      },
    ]);
    await a.put(space, [newItem('ia', 'A')]);
    await server.restore(backup, { newEpoch: true });
    await online(a, b, other);
    expect(await i1On(other)).toMatchObject({ title: 'of the other' });
    expect(await other.table('_conflicts').toArray()).toMatchObject([{ open: false }]);
    await expectWhole(token, a, b, other);
  });

  it('[SE15] as large as a write may be are taken with the former ids that they name', async () => {
    const { token, a, space } = await scene();
    await a.put(space, [newItem('i2', 'behind what a page says it had seen')]);
    a.offline = true;
    const b = await copyOf(a);
    await a.put(space, [counted()]);
    await b.put(space, [counted()]);
    const note = 'x'.repeat(63_200);
    await b.write([{ space, do: [counted(), { kind: 'put', ...I1, fields: { note } }] }], {});
    const tooLarge = await b.ask({
      v: 1,
      type: 'write',
      ops: [{ space, do: [{ kind: 'put', ...I1, fields: { note: note.repeat(2) } }] }],
    });
    expect(tooLarge).toMatchObject({ type: 'error', code: 'too_large' });
    await online(a, b);
    const log = (await server.logs(token)).get(space) ?? [];
    const large = log.find(({ payload }) => payload.includes(note));
    expect(JSON.parse(large?.payload ?? '{}')).toHaveProperty('was');
    expect(await i1On(a)).toMatchObject({ packed: 3, note });
    await expectWhole(token, a, b);
  });
});

describe('a server that was restored without saying so', () => {
  it('[AB33] takes what was written on what both have as written on that: no conflict, no removal without effect', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent'), tags('add', 'red')]);
    await online(b);
    const backup = await server.backup();
    await online(a, b);
    await b.put(space, [tags('remove', 'red')]);
    await b.put(space, [setTitle('i1', 'of B')]);
    await a.put(space, [newItem('i2', 'of A')]);
    await online(a, b);
    await server.restore(backup, { newEpoch: false });
    await online(a, b);
    expect(await i1On(a)).toEqual({ id: 'i1', space, title: 'of B' });
    expect(await a.table('_conflicts').count()).toBe(0);
    await expectWhole(token, a, b);
  });

  it('[AB33] in the middle of a history that was missed is told from the one before it', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await online(b);
    const backup = await server.backup();
    await online(a, b);
    for (const title of ['A 1', 'A 2', 'A 3']) await a.put(space, [setTitle('i1', title)]);
    a.offline = true;
    // Two restores that A does not see: what it had at these seqs is not what is there now.
    await server.restore(backup, { newEpoch: true });
    await online(b);
    for (const id of ['b1', 'b2', 'b3', 'b4']) await b.put(space, [newItem(id, id)]);
    await b.put(space, [setTitle('i1', 'B')]);
    await server.restore(await server.backup(), { newEpoch: true });
    await online(a, b);
    // A had not seen B's title, though its base was as high.
    expect(await a.table('_conflicts').toArray()).toMatchObject([{ field: 'title' }]);
    const titles = (await a.table('_conflicts').toArray()) as {
      loser: { values: Map<string, string> };
    }[];
    expect(titles.map(({ loser }) => [...loser.values.values()])).toEqual([['B']]);
    await expectWhole(token, a, b);
  });
});
