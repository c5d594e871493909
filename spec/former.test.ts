/**
 * A server that was put back to an earlier day, and people who do not come back with what they wrote
 * since: whoever had it from them sees what is missing, and brings it back or lets it go.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FormerRef, MutationJson, SpaceId } from '../core/index.ts';
import { createDevice, type Device } from './support/device.ts';
import { listsConfig, newItem, remove, setTitle } from './support/lists-config.ts';
import { missingOn } from './support/missing.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';

let server: RestorableServer;
const devices: Device[] = [];
beforeAll(async () => void (server = await startRestorable()));
afterAll(() => server.stop());
afterEach(() => devices.splice(0).forEach((device) => device.close()));

let users = 0;
const nextToken = () => server.tokenFor(`user-${users++}`);

async function connected(token: string): Promise<Device> {
  const device = createDevice({ config: listsConfig, listens: false });
  devices.push(device);
  await device.connect(server.url, token);
  return device;
}

/** Rings them all until nothing moves any more. */
async function settle(...all: readonly Device[]): Promise<void> {
  for (let round = 0; round < 3; round++)
    for (const one of all) await one.ask({ v: 1, type: 'ring', reason: 'visible' });
}

const I1 = { collection: 'items', id: 'i1' } as const;
const tagged = (...values: string[]): MutationJson => ({
  kind: 'add',
  ...I1,
  field: 'tags',
  values,
});
const untagged = (...values: string[]): MutationJson => ({
  kind: 'remove',
  ...I1,
  field: 'tags',
  values,
});
const counted = (by: number): MutationJson => ({ kind: 'increment', ...I1, field: 'packed', by });
const noted = (entry: string): MutationJson => ({ kind: 'append', ...I1, field: 'notes', entry });
const setNote = (id: string, note: string): MutationJson => ({
  kind: 'put',
  collection: 'items',
  id,
  fields: { note },
});

interface Scene {
  readonly token: string;
  readonly space: SpaceId;
  /** Who stays, and has what the other one wrote. */
  readonly a: Device;
  /** Who is gone with what they wrote, until they are rung. */
  readonly b: Device;
}

/**
 * `before` is on the server when the backup is taken; then B writes `since`, one op each, which A has
 * from the server before that is put back.
 */
async function restored(
  before: readonly MutationJson[][],
  since: readonly MutationJson[][],
  how: { readonly newEpoch: boolean } = { newEpoch: true },
): Promise<Scene> {
  const token = await nextToken();
  const [a, b] = [await connected(token), await connected(token)];
  const { space } = await a.put(undefined, [newItem('i0', 'begun')]);
  for (const mutations of before) await a.put(space, mutations);
  await settle(a, b);
  const backup = await server.backup();
  await settle(a, b);
  for (const mutations of since) await b.put(space, mutations);
  await settle(b, a);
  await server.restore(backup, how);
  await settle(a);
  return { token, space, a, b };
}

async function expectWhole({ token, a, b }: Scene): Promise<void> {
  const logs = await server.logs(token);
  for (const one of [a, b]) {
    expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    expect(await one.rows('items')).toEqual(await a.rows('items'));
  }
}

async function refsOn(device: Device): Promise<FormerRef[]> {
  const records = (await device.table('_missing').toArray()) as FormerRef[];
  return records.map(({ space, history, collection, id }) => ({ space, history, collection, id }));
}

async function bringBack(device: Device, former: FormerRef[]) {
  return device.ask({ v: 1, type: 'write', ops: [], former, seen: await device.cursors() });
}

const BEFORE = [
  [newItem('i1', 'Tent'), tagged('red', 'old'), counted(3), noted('first')],
  [newItem('i2', 'Stove')],
];
const SINCE = [
  [newItem('i3', 'Pot'), setNote('i3', 'with lid')],
  [setTitle('i1', 'Big tent')],
  [tagged('blue'), untagged('old')],
  [counted(2)],
  [counted(1)],
  [noted('second')],
  [remove('items', 'i2')],
];
const ALL_MISSING = [
  'items i1: title Big tent, + blue in tags, - old in tags, packed 3 more, second in notes',
  'items i2: delete',
  'items i3: new, title Pot, note with lid',
];

describe.each([
  ['with a new epoch', { newEpoch: true }],
  ['with the epoch that it had', { newEpoch: false }],
])('what the server lost when it was restored %s', (_how, how) => {
  it('[AB32] is listed, counted in the status, and shown as it was', async () => {
    const { a, token, b, space } = await restored(BEFORE, SINCE, how);
    expect(await missingOn(a)).toEqual(ALL_MISSING);
    expect(await a.engine.status()).toMatchObject({ former: 3, pending: 0, trouble: null });
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Tent', packed: 3 });
    await settle(b, a);
    await expectWhole({ a, b, token, space });
  });

  it('[AB32] leaves the list by itself when its author comes back, and is not doubled', async () => {
    const scene = await restored(BEFORE, SINCE, how);
    await settle(scene.b, scene.a);
    expect(await missingOn(scene.a)).toEqual([]);
    expect(await missingOn(scene.b)).toEqual([]);
    expect((await scene.a.rows('items')).get('i1')).toMatchObject({
      title: 'Big tent',
      tags: ['red', 'blue'],
      packed: 6,
      notes: ['first', 'second'],
    });
    await expectWhole(scene);
  });

  it('[AB32] is brought back as a person asks: as new where it is gone, as an edit where it is there', async () => {
    const { a, space } = await restored(BEFORE, SINCE, how);
    expect(await bringBack(a, await refsOn(a))).toMatchObject({ type: 'accepted' });
    expect(await missingOn(a)).toEqual([]);
    await settle(a);
    const items = await a.rows('items', space);
    expect([...items.keys()].toSorted()).toEqual(['i0', 'i1', 'i3']);
    expect(items.get('i1')).toMatchObject({
      title: 'Big tent',
      tags: ['red', 'blue'],
      packed: 6,
      notes: ['first', 'second'],
    });
    expect(items.get('i3')).toMatchObject({ title: 'Pot', note: 'with lid' });
    expect(await a.engine.status()).toMatchObject({ former: 0, pending: 0 });
  });
});

describe('what is missing since a restore', () => {
  it('[AB32] is only what nobody has: not what this device wrote, nor what was overwritten there', async () => {
    const token = await nextToken();
    const [a, b] = [await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await settle(a, b);
    const backup = await server.backup();
    await settle(a, b);
    await b.put(space, [setTitle('i1', 'of B')]);
    await settle(b, a);
    await a.put(space, [setTitle('i1', 'of A')]);
    await a.put(space, [newItem('i2', 'new of A')]);
    await settle(a, b);
    await server.restore(backup, { newEpoch: true });
    await settle(a);
    expect(await missingOn(a)).toEqual([]);
    // B has its own from before, and A's again from the log.
    await settle(b, a);
    expect(await missingOn(b)).toEqual([]);
    await expectWhole({ a, b, token, space });
  });

  it('[AB32] comes back in part where its author comes back in part', async () => {
    const scene = await restored(BEFORE, SINCE);
    const { a, b, space } = scene;
    // Somebody else has put the same title by now, and B's own is about to come, but for its first op.
    await a.put(space, [setTitle('i1', 'Big tent')]);
    await settle(a);
    expect(await missingOn(a)).toContain(
      'items i1: + blue in tags, - old in tags, packed 3 more, second in notes',
    );
    await settle(b, a);
    expect(await missingOn(a)).toEqual([]);
    await expectWhole(scene);
  });

  it('[AB32] is kept apart for each restore, and goes from all when it is there again', async () => {
    const scene = await restored([], [[newItem('i1', 'first')]]);
    const { a, b, space } = scene;
    const backup = await server.backup();
    await settle(a);
    const c = await connected(scene.token);
    await c.put(space, [newItem('i2', 'second')]);
    await settle(c, a);
    await server.restore(backup, { newEpoch: false });
    await settle(a);
    expect(await missingOn(a)).toEqual([
      'items i1: new, title first',
      'items i2: new, title second',
    ]);
    await settle(b, a);
    expect(await missingOn(a)).toEqual(['items i2: new, title second']);
    // C comes back while A is away, and A meets yet another history that has it.
    a.offline = true;
    await settle(c);
    const later = await server.backup();
    await settle(c);
    a.offline = false;
    await server.restore(later, { newEpoch: true });
    await settle(a);
    expect(await missingOn(a)).toEqual([]);
    await settle(b);
    await expectWhole(scene);
  });

  it('[AB32] is brought back once, though its author comes back and another device brings it back too', async () => {
    const scene = await restored(BEFORE, SINCE);
    const { a, b, token, space } = scene;
    const other = await connected(token);
    const refs = await refsOn(a);
    await bringBack(a, refs);
    expect(await bringBack(a, refs)).toMatchObject({ type: 'error', code: 'not_former' });
    await settle(a, other);
    expect((await other.rows('items')).get('i1')).toMatchObject({ packed: 6 });
    // The author has a name for each of them, and so they are there twice: it is a person who asked.
    await settle(b, a);
    await expectWhole({ a, b, token, space });
  });

  it('[AB32] that another device has brought back is missing here no more', async () => {
    const token = await nextToken();
    const [a, c, b] = [await connected(token), await connected(token), await connected(token)];
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await settle(a, b, c);
    const backup = await server.backup();
    await settle(a, b, c);
    await b.put(space, [counted(2), tagged('blue'), noted('n')]);
    await b.put(space, [newItem('i2', 'Pot')]);
    await settle(b, a, c);
    await server.restore(backup, { newEpoch: true });
    await settle(a, c);
    expect(await missingOn(c)).toHaveLength(2);
    await bringBack(a, await refsOn(a));
    await settle(a, c);
    expect(await missingOn(c)).toEqual([]);
    expect((await c.rows('items')).get('i1')).toMatchObject({ packed: 2, tags: ['blue'] });
  });

  it('[AB32] is whole where the record was deleted meanwhile, and goes where a person lets it go', async () => {
    const { a, space } = await restored(BEFORE, SINCE);
    await a.put(space, [remove('items', 'i1')]);
    await settle(a);
    const refs = await refsOn(a);
    await a.ask({ v: 1, type: 'let-go', records: refs.filter(({ id }) => id !== 'i1') });
    expect(await a.engine.status()).toMatchObject({ former: 1 });
    await bringBack(a, await refsOn(a));
    await settle(a);
    expect((await a.rows('items', space)).get('i1')).toMatchObject({
      title: 'Big tent',
      tags: ['red', 'blue'],
      packed: 6,
      notes: ['first', 'second'],
    });
  });

  it('[AB32] of more than an op can hold is brought back by several', async () => {
    const long = 'x'.repeat(40_000);
    const { a, space } = await restored(
      [],
      [[newItem('i1', 'Tent')], [setNote('i1', long)], [setTitle('i1', `${long}!`)]],
    );
    await bringBack(a, await refsOn(a));
    await settle(a);
    expect((await a.rows('items', space)).get('i1')).toMatchObject({
      note: long,
      title: `${long}!`,
    });
  });
});
