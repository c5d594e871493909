import { IDBFactory, IDBKeyRange, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutboxRow, SpaceId } from '../../core/index.ts';
import { createDevice, memorySession } from '../../spec/support/device.ts';
import { listsConfig, newItem } from '../../spec/support/lists-config.ts';
import { newSpaceRow } from '../engine/spaces.ts';
import type { ReplicaStore, ReplicaTx, SpaceRow } from '../engine/ports.ts';
import { createDexieStore } from './dexie-store.ts';
import { OWN_KEY, type Counts, type OwnRow } from './own-row.ts';

const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0 };
const spaceOf = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}` as SpaceId;
const [A, B] = [spaceOf(1), spaceOf(2)];
const clock = { now: () => 0, wait: async () => {} };
const rowOf = (space: SpaceId, pending = 0): SpaceRow => ({
  ...newSpaceRow({ clock, random }, { space, create: false, followed: true }),
  pending,
});

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.restoreAllMocks();
});

function open(indexedDB = new IDBFactory()): ReplicaStore {
  const session = memorySession(listsConfig);
  const store = createDexieStore({ session, indexedDB, IDBKeyRange });
  ends.push(() => store.close());
  return store;
}

/** The tables in which something is put from now on. */
function puts(): string[] {
  const tables: string[] = [];
  const really = IDBObjectStore.prototype.put;
  const put = vi.spyOn(IDBObjectStore.prototype, 'put');
  put.mockImplementation(function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
    tables.push(this.name);
    return really.call(this, value, key);
  });
  return tables;
}

const pendingIn = async (store: ReplicaStore, ...spaces: SpaceId[]) =>
  store.read((tx) =>
    Promise.all(spaces.map(async (space) => (await tx.space(space))?.pending ?? null)),
  );
const change = (store: ReplicaStore, space: SpaceId, change: Partial<SpaceRow>) =>
  store.write(async (tx) => {
    const row = (await tx.space(space)) as SpaceRow;
    await tx.putSpaces([{ ...row, ...change }]);
  });

describe('what is known of a space', () => {
  it('is not put again where an op more is pending: a lone write puts three rows', async () => {
    const device = createDevice({ config: listsConfig });
    ends.push(() => device.close());
    await device.put(undefined, [newItem('tent', 'Tent')]);
    const tables = puts();
    const { space } = await device.put(undefined, [newItem('tarp', 'Tarp')]);
    expect(tables.toSorted()).toEqual(['_meta', '_outbox', 'items']);
    expect(await device.space(space)).toMatchObject({ pending: 2 });
  });

  it('is put alone where ops are gone and other things have changed', async () => {
    const store = open();
    await store.write((tx) => tx.putSpaces([rowOf(A), rowOf(B, 2)]));
    await change(store, A, { pending: 5 });
    const tables = puts();
    await change(store, A, { pending: 1, digest: 'another' });
    await change(store, B, { pending: 3, digest: 'another' });
    expect(tables).toEqual(['_spaces', '_spaces']);
    expect(await pendingIn(store, A, B)).toEqual([1, 3]);
    await change(store, A, { pending: 2 });
    await change(store, B, { pending: 0 });
    expect(await pendingIn(store, A, B)).toEqual([2, 0]);
    expect((await store.read((tx) => tx.spaces())).map(({ pending }) => pending)).toEqual([2, 0]);
  });

  it('is known in the transaction that changes it, and not where that comes to nothing', async () => {
    const store = open();
    await store.write((tx) => tx.putSpaces([rowOf(A)]));
    const failing = store.write(async (tx) => {
      await tx.putSpaces([{ ...((await tx.space(A)) as SpaceRow), pending: 4 }]);
      expect(await tx.space(A)).toMatchObject({ pending: 4 });
      expect(await tx.spaces()).toMatchObject([{ pending: 4 }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await pendingIn(store, A)).toEqual([0]);
  });

  it('counts from nothing where the space is deleted and comes again', async () => {
    const store = open();
    await store.write((tx) => tx.putSpaces([rowOf(A)]));
    await change(store, A, { pending: 4 });
    await store.write((tx) => tx.deleteSpace(A));
    expect(await pendingIn(store, A)).toEqual([null]);
    await store.write((tx) => tx.putSpaces([rowOf(A, 1)]));
    expect(await pendingIn(store, A)).toEqual([1]);
  });

  it('leaves no count of many spaces in which nothing is pending', async () => {
    const indexedDB = new IDBFactory();
    const store = open(indexedDB);
    const spaces = Array.from({ length: 40 }, (_, i) => spaceOf(i));
    await store.write((tx) => tx.putSpaces(spaces.map((space) => rowOf(space))));
    for (const space of spaces) await change(store, space, { pending: 3 });
    for (const space of spaces) await change(store, space, { pending: 0, digest: 'another' });
    const { accepted } = await countsIn(indexedDB);
    expect(Object.keys(accepted).length).toBeLessThanOrEqual(16);
    expect(new Set(await pendingIn(store, ...spaces))).toEqual(new Set([0]));
  });
});

describe('the row of the replica itself', () => {
  const add = (count: number) => (tx: ReplicaTx) =>
    tx.addRows(Array.from({ length: count }, () => ({ payloads: ['one'] }) as never));

  it('gives each id of the outbox once, also where the rows are gone', async () => {
    const store = open();
    const both = await store.write((tx) => Promise.all([add(1)(tx), add(1)(tx)]));
    expect(both).toEqual([[1], [2]]);
    expect(await store.write(add(0))).toEqual([]);
    await store.write((tx) => tx.deleteRows([1, 2]));
    expect(await store.write(add(1))).toEqual([3]);
    await store.write((tx) => tx.beginRowsAt(1000));
    expect(await store.write(add(1))).toEqual([1000]);
    const rows: OutboxRow[] = [...(await store.read((tx) => tx.rows([3, 1000]))).values()];
    expect(rows.map(({ row }) => row)).toEqual([3, 1000]);
  });

  it('names what eight contexts have committed last, and has no owner by that', async () => {
    const indexedDB = new IDBFactory();
    for (let context = 0; context < 12; context++) await open(indexedDB).write(add(1));
    const { commits } = await countsIn(indexedDB);
    expect(commits).toHaveLength(8);
    expect(await open(indexedDB).read((tx) => tx.meta())).toBeUndefined();
  });
});

async function countsIn(indexedDB: IDBFactory): Promise<Counts> {
  const device = createDevice({ config: listsConfig, indexedDB });
  const row = (await device.table('_meta').get(OWN_KEY)) as Required<OwnRow>;
  device.close();
  return row.counts;
}
