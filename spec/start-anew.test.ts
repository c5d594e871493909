/** A person who begins with an empty database, because the one on the device cannot be used any more. */
import { describe, expect, it } from 'vitest';
import type { OpRequest, SpaceId } from '../core/index.ts';
import type { Ports, SetAside } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { faultyDisk } from './support/faulty-disk.ts';
import { openLab } from './support/lab.ts';
import { listsConfig, newItem, newList, setTitle } from './support/lists-config.ts';

const lab = openLab();
const startAnew = (one: Device, evenUnread = false) =>
  one.ask({ v: 1, type: 'start-anew', evenUnread });

/** A connected device with a list that is on the server, and two ops that are not. */
async function device(around?: (ports: Ports) => Ports) {
  const disk = faultyDisk();
  const a = lab.device({ listens: false, indexedDB: disk.indexedDB, ...(around && { around }) });
  await a.connect(lab.server.url, await lab.nextToken());
  const list = uuid() as SpaceId;
  await a.put(undefined, [newList(list, 'Camp')]);
  await a.put(list, [newItem('i1', 'Tent')]);
  a.offline = true;
  await a.put(list, [setTitle('i1', 'Big tent')]);
  await a.put(list, [newItem('i2', 'Tarp')]);
  return { a, disk, list };
}
const asideOf = async (one: Device) => {
  const ops = (await one.table('_aside').toArray()) as { code: string; payload: string }[];
  return ops.map(({ code, payload }) => `${code} ${/"title":"([^"]*)"/.exec(payload)?.[1]}`);
};
const SALVAGED = ['started_anew Big tent', 'started_anew Tarp'];

describe('starting anew', () => {
  it('[AC38] fetches what the server has, and sets aside what had not been sent, to be sent again', async () => {
    const { a, list } = await device();
    expect(await startAnew(a)).toMatchObject({ type: 'ok' });
    a.offline = false;
    await a.ask({ v: 1, type: 'sync-now' });
    expect((await a.rows('items', list)).get('i1')).toMatchObject({ title: 'Tent' });
    expect(await asideOf(a)).toEqual(SALVAGED);
    expect(await a.engine.status()).toMatchObject({
      phase: 'idle',
      pending: 0,
      setAside: 2,
      lost: null,
    });
    const [first] = (await a.table('_aside').toArray()) as { row: number; index: number }[];
    const again = [{ space: list, do: [setTitle('i1', 'Big tent')] }];
    const instead = [{ row: first?.row ?? 0, index: first?.index ?? 0 }];
    await a.ask({ v: 1, type: 'write', ops: again, seen: {}, instead });
    expect((await a.rows('items', list)).get('i1')).toMatchObject({ title: 'Big tent' });
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
  });

  it.each(['before it joins an account', 'when it has joined one'])(
    '[AC38] what lay in the home lies in the new one, and is sent there again %s',
    async (when) => {
      const a = lab.device({ listens: false });
      const list = uuid() as SpaceId;
      await a.put(undefined, [newList(list, 'Camp')]);
      expect(await startAnew(a)).toMatchObject({ type: 'ok' });
      const join = async () => a.connect(lab.server.url, await lab.nextToken());
      if (when.startsWith('when')) await join();
      await a.ask({ v: 1, type: 'sync-now' });
      const [op] = (await a.table('_aside').toArray()) as SetAside[];
      if (!op) throw new Error('nothing was set aside');
      const { do: mutations } = JSON.parse(op.payload) as { do: OpRequest['do'] };
      const ops = [{ space: op.space, do: mutations }];
      await a.ask({ v: 1, type: 'write', ops, seen: {}, instead: [op] });
      if (!when.startsWith('when')) await join();
      await a.ask({ v: 1, type: 'sync-now' });
      const b = lab.device({ listens: false });
      const { connection } = await a.session.load();
      await b.connect(connection?.url ?? '', connection?.token ?? '');
      await b.ask({ v: 1, type: 'sync-now' });
      const home = connection?.account.home as SpaceId;
      expect((await b.rows('lists', home)).get(list)).toMatchObject({ title: 'Camp' });
      expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 0 });
    },
  );

  it('[AC38] sets nothing aside that turns out to be in the log', async () => {
    const { a, list } = await device();
    a.offline = false;
    let isCut = false;
    const b = lab.device({
      listens: false,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (isCut && url.pathname === '/sync/push') throw new TypeError('the answer was lost');
        return response;
      },
    });
    const { connection } = await a.session.load();
    await b.connect(connection?.url ?? '', connection?.token ?? '');
    await b.ask({ v: 1, type: 'sync-now' });
    isCut = true;
    await b.put(list, [newItem('i3', 'Stove')]);
    await startAnew(b);
    expect(await asideOf(b)).toEqual(['started_anew Stove']);
    isCut = false;
    await b.ask({ v: 1, type: 'sync-now' });
    expect((await b.rows('items', list)).get('i3')).toMatchObject({ title: 'Stove' });
    expect(await b.engine.status()).toMatchObject({ pending: 0, setAside: 0 });
  });

  it('[AC38] takes out what can be read where nothing can be written any more', async () => {
    const { a, disk } = await device();
    disk.room = 0;
    const { deleteDatabase } = disk.indexedDB;
    disk.indexedDB.deleteDatabase = (...args) => {
      disk.room = Infinity;
      return deleteDatabase.apply(disk.indexedDB, args);
    };
    expect(await startAnew(a)).toMatchObject({ type: 'ok' });
    expect(await asideOf(a)).toEqual(SALVAGED);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 2, lost: null });
  });

  it('[AC38] deletes nothing that cannot be read, unless it is told to; what was counted is lost then, and said', async () => {
    const { a, disk, list } = await device();
    await expect
      .poll(() => a.session.load(), { timeout: 10_000 })
      .toMatchObject({ replica: { pending: 2 } });
    disk.lost = 'UnknownError';
    expect(await startAnew(a)).toMatchObject({ type: 'error', code: 'storage_failed' });
    disk.lost = null;
    expect(await a.engine.status()).toMatchObject({ pending: 2, lost: null });
    // It fails for good: what the browser has of it can only be deleted.
    disk.lost = 'UnknownError';
    const { deleteDatabase } = disk.indexedDB;
    disk.indexedDB.deleteDatabase = (...args) => {
      disk.lost = null;
      return deleteDatabase.apply(disk.indexedDB, args);
    };
    expect(await startAnew(a, true)).toMatchObject({ type: 'ok' });
    a.offline = false;
    await a.ask({ v: 1, type: 'sync-now' });
    expect(await a.engine.status()).toMatchObject({
      phase: 'idle',
      pending: 0,
      lost: { pending: 2 },
    });
    expect([...(await a.rows('items', list)).keys()]).toEqual(['i1']);
  });

  it('[AC62] keeps what is written before it is over, where the disk fails on the way', async () => {
    const { a, disk, list } = await device();
    disk.lost = 'UnknownError';
    const { deleteDatabase } = disk.indexedDB;
    disk.indexedDB.deleteDatabase = () => {
      throw new DOMException('It is in use.', 'UnknownError');
    };
    expect(await startAnew(a, true)).toMatchObject({ type: 'error', code: 'storage_failed' });
    // It can be read again, and is to be deleted all the same: it takes nothing more.
    disk.lost = null;
    const write = { v: 1, type: 'write', ops: [{ space: list, do: [newItem('i8', 'Lost')] }] };
    expect(await a.ask({ ...write, seen: {} } as never)).toMatchObject({
      type: 'error',
      code: 'storage_failed',
    });
    disk.indexedDB.deleteDatabase = (...args) => {
      disk.lost = 'UnknownError';
      return deleteDatabase.apply(disk.indexedDB, args);
    };
    expect(await startAnew(a, true)).toMatchObject({ type: 'error', code: 'storage_failed' });
    disk.lost = null;
    await a.put(list, [newItem('i9', 'Stove')]);
    expect(await startAnew(a, true)).toMatchObject({ type: 'ok' });
    a.offline = false;
    await a.ask({ v: 1, type: 'sync-now' });
    const there = (await a.rows('items', list)).get('i9') ?? (await asideOf(a)).join();
    expect(JSON.stringify(there)).toContain('Stove');
    expect(await a.engine.status()).toMatchObject({ pending: 0 });
  });

  it.each(['session.save', 'store.remove', 'store.write'])(
    '[AC38] by a host that is killed in its next %s is gone on with by the next host, and nothing is doubled',
    async (call) => {
      let calls = -1;
      const around = (ports: Ports): Ports => {
        const cut =
          <Args extends unknown[], T>(name: string, really: (...args: Args) => Promise<T>) =>
          (...args: Args): Promise<T> =>
            name === call && calls >= 0 && calls++ === 0
              ? really(...args).then(() => new Promise<T>(() => {}))
              : really(...args);
        const { session, store } = ports;
        return {
          ...ports,
          session: { ...session, save: cut('session.save', session.save) },
          store: {
            ...store,
            remove: cut('store.remove', store.remove),
            write: cut('store.write', store.write),
          },
        };
      };
      const { a } = await device(around);
      calls = 0;
      void startAnew(a);
      await expect.poll(() => calls).toBe(1);
      await expect
        .poll(async () => (await a.session.load()).salvaged !== undefined || call === 'store.write')
        .toBe(true);
      calls = -1;
      a.restart();
      await a.ask({ v: 1, type: 'hello', config: listsConfig });
      // Nothing was decided yet: the database is as it was, and what waits in it can be sent.
      if (call === 'store.write') {
        expect(await a.engine.status()).toMatchObject({ pending: 2 });
        await a.put(undefined, [newItem('i9', 'Mat')]);
        await startAnew(a);
      }
      a.offline = false;
      await a.ask({ v: 1, type: 'sync-now' });
      const more = call === 'store.write' ? ['started_anew Mat'] : [];
      expect((await asideOf(a)).toSorted()).toEqual([...SALVAGED, ...more].toSorted());
      expect(await a.session.load()).not.toHaveProperty('salvaged');
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, lost: null });
    },
  );
});
