/** A browser that clears what is kept here, with a page open or not: what is lost by it, and what is said. */
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { databaseNameOf, type ActorId, type SpaceId } from '../core/index.ts';
import { uuid, type Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { listsConfig, newItem, newList, setTitle } from './support/lists-config.ts';

const lab = openLab({ limits: { payloadBytes: 300 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

function device() {
  const indexedDB = new IDBFactory();
  let now = 1_800_000_000_000;
  const made = lab.device({ indexedDB, listens: false, now: () => now });
  /** As a browser does that needs the room. */
  const lose = () =>
    new Promise((resolve) => {
      now += 60_000;
      const request = indexedDB.deleteDatabase(databaseNameOf(listsConfig));
      request.addEventListener('success', resolve);
    });
  return { device: made, lose, now: () => now };
}

/** Two lists with an item each, on the server, and one edit that is not. */
async function withLists(one: Device) {
  await one.connect(lab.server.url, await lab.nextToken());
  const lists = [uuid(), uuid()] as SpaceId[];
  for (const list of lists) await one.put(undefined, [newList(list, 'Camp')]);
  for (const list of lists) await one.put(list, [newItem(`of ${list}`, 'Tent')]);
  return lists;
}
const actorsOf = async (one: Device): Promise<ActorId[]> =>
  (await one.table('_spaces').toArray()).map(({ actor }) => actor as ActorId);

describe('a database that the browser lost', () => {
  it('[AC36] is fetched anew by the same device, with new actors, and what went with it is told until it was seen', async () => {
    const { device: a, lose, now } = device();
    const lists = await withLists(a);
    const before = await Promise.all([a.rows('lists'), a.rows('items'), a.session.load()]);
    const actors = await actorsOf(a);
    a.offline = true;
    for (const list of lists) await a.put(list, [setTitle(`of ${list}`, 'Big tent')]);
    await expect
      .poll(() => a.session.load(), { timeout: 10_000 })
      .toMatchObject({ replica: { pending: 2 } });
    await lose();
    a.offline = false;
    a.restart();
    await ring(a);

    expect(await a.rows('lists')).toEqual(before[0]);
    expect(await a.rows('items')).toEqual(before[1]);
    const { device: id, connection } = before[2];
    expect(await a.session.load()).toMatchObject({ device: id, connection });
    const lost = { at: now(), pending: 2 };
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, lost });
    expect(a.notices.at(-1)).toMatchObject({ type: 'status', status: { lost } });
    const after = await actorsOf(a);
    expect(after).toHaveLength(3);
    for (const actor of after) expect(actors).not.toContain(actor);

    // What is written now is sent, under the new ids.
    await a.put(lists[0], [setTitle(`of ${lists[0]}`, 'Tarp')]);
    const b = lab.device({ listens: false });
    await b.connect(connection?.url ?? '', connection?.token ?? '');
    expect((await b.rows('items')).get(`of ${lists[0]}`)).toMatchObject({ title: 'Tarp' });

    a.restart();
    expect(await a.engine.status()).toMatchObject({ lost });
    await a.ask({ v: 1, type: 'loss-seen' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', lost: null });
  });

  it('[AC36] is noticed under a running app at its next write too, and nothing of that write is lost', async () => {
    const { device: a, lose } = device();
    const [list] = await withLists(a);
    a.offline = true;
    await a.put(list, [newItem('i2', 'Tarp')]);
    await lose();
    await a.put(list, [newItem('i3', 'Stove')]);
    expect(await a.engine.status()).toMatchObject({ lost: { pending: 1 }, pending: 1 });
    a.offline = false;
    await a.ask({ v: 1, type: 'sync-now' });
    expect([...(await a.rows('items', list)).keys()].toSorted()).toEqual(['i3', `of ${list}`]);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[AC36] of a device that keeps its data alone is told as well, with all that was in it', async () => {
    const { device: a, lose } = device();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.put(undefined, [newItem('i2', 'Tarp')]);
    // The second a moment after the first, that typing does not write everything twice.
    await expect
      .poll(() => a.session.load(), { timeout: 10_000 })
      .toMatchObject({ replica: { pending: 2 } });
    await lose();
    a.restart();
    const reply = await a.ask({ v: 1, type: 'hello', config: listsConfig });
    expect(reply).toMatchObject({ status: { phase: 'idle', pending: 0, lost: { pending: 2 } } });
  });

  it('[AC36] takes what the server had refused with it, and that is counted too', async () => {
    const { device: a, lose } = device();
    const [list] = await withLists(a);
    await a.put(list, [newItem('big', 'x'.repeat(400))]);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
    await expect
      .poll(() => a.session.load(), { timeout: 10_000 })
      .toMatchObject({ replica: { pending: 1 } });
    await lose();
    a.restart();
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ setAside: 0, lost: { pending: 1 } });
  });

  it('[AC36] twice before anyone has looked: both are told', async () => {
    const { device: a, lose } = device();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await lose();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.engine.status();
    await lose();
    expect(await a.engine.status()).toMatchObject({ lost: { pending: 2 } });
  });

  it('[AC37] gives no place in its outbox to another write: who waits for one that is gone hears that', async () => {
    const { device: a, lose } = device();
    const old = await a.put(undefined, [newItem('i1', 'Tent')]);
    await lose();
    await a.connect(lab.server.url, await lab.nextToken());
    const fresh = await a.put(undefined, [newItem('i2', 'Tarp')]);
    expect(fresh.row).toBeGreaterThan(old.row + 1_000_000);
    const reply = await a.ask({ v: 1, type: 'catch-up', rows: [old.row, fresh.row] });
    expect(reply).toMatchObject({
      outcomes: [
        { row: old.row, kind: 'lost' },
        { row: fresh.row, kind: 'synced' },
      ],
    });
  });
});
