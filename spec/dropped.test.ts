/** Logs that grow old under real devices: a real server, whose days the test lets pass. */
import Dexie, { type ObservabilitySet } from 'dexie';
import { describe, expect, it } from 'vitest';
import {
  SERVER_ACTOR,
  type ConflictRow,
  type MutationJson,
  type PushRequest,
  type SequencedOp,
  type SpaceId,
  type Status,
} from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { HiddenRow } from '../sw/adapters/record-row.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import type { Device, DeviceOptions } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, remove, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const DAY_MS = 24 * 3_600_000;
const lab = openLab({ snapshots: { every: 10, atLeast: 10 }, retention: { buffer: 0 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const titleOf = ({ payload }: SequencedOp) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '';

async function scene(more: Pick<Partial<DeviceOptions>, 'fetch' | 'now'> = {}) {
  const token = await lab.nextToken();
  const [a, b] = [lab.device({ listens: false, ...more }), lab.device({ listens: false })];
  for (const one of [a, b]) await one.connect(lab.server.url, token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
  await a.put(space, [newItem('i2', 'Stove')]);
  await a.put(space, [newItem('i3', 'Rope')]);
  for (const one of [a, b]) await ring(one);

  let fillers = 0;
  let gone: readonly SequencedOp[] = [];
  /** So much is written that the next snapshot is made. */
  const fill = async () => {
    const items = Array.from({ length: 10 }, () => newItem(`f${fillers++}`, 'Filler'));
    await b.write(items.map((item) => ({ space, do: [item] })));
    await ring(b);
    await lab.server.keeper.idle();
  };
  const days = async (count: number) => {
    for (let day = 0; day < count; day++) await lab.server.retention.tick(DAY_MS);
  };

  return {
    a,
    b,
    space,
    days,
    /** All that is in the log by now grows old enough; these see what b writes meanwhile. */
    async growOld(...following: readonly Device[]) {
      await fill();
      gone = (await logsOf(lab.server.url, token)).get(space) ?? [];
      await days(1);
      await fill();
      await fill();
      for (const one of following) await ring(one);
      await days(90);
    },
    /** The whole log, what is gone of it included. */
    async log(): Promise<SequencedOp[]> {
      const headers = { Authorization: `Bearer ${token}` };
      const url = `${lab.server.url}/sync/pull?since=${space}:${gone.length}`;
      const { spaces } = (await (await fetch(url, { headers })).json()) as {
        spaces: Record<SpaceId, { ops: SequencedOp[] }>;
      };
      return [...gone, ...(spaces[space]?.ops ?? [])];
    },
    hidden: async (one: Device) =>
      ((await one.table('_hidden').toArray()) as HiddenRow[]).map(({ id }) => id),
  };
}
type Scene = Awaited<ReturnType<typeof scene>>;

async function expectWhole({ space, log, a, b }: Scene): Promise<void> {
  const logs = new Map([[space, await log()]]);
  for (const one of [a, b]) {
    expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
    const replica = await readReplica(one, ['lists', 'items']);
    const ofSpace = { ...replica, spaces: replica.spaces.filter((row) => row.space === space) };
    expect(faultsOf(ofSpace, logs)).toEqual([]);
  }
  expect(await a.rows('items')).toEqual(await b.rows('items'));
}

describe('a log that was dropped from', () => {
  it('[RT1] [RB4] its tombstones and closed conflicts go from a device that follows it, and live queries hear', async () => {
    const found = await scene();
    const { a, b, space, hidden } = found;
    a.offline = true;
    await a.put(space, [setTitle('i3', 'Line')]);
    await b.put(space, [setTitle('i3', 'Cord')]);
    await b.put(space, [remove('items', 'i1')]);
    await ring(b);
    a.offline = false;
    for (const one of [a, b, a]) await ring(one);
    expect(await hidden(a)).toEqual(['i1']);
    expect(await a.table('_conflicts').count()).toBe(1);
    await found.growOld(a, b);
    const told = new Set<string>();
    const hear = (parts: ObservabilitySet) => Object.keys(parts).forEach((part) => told.add(part));
    Dexie.on.storagemutated.subscribe(hear);
    await ring(a);
    Dexie.on.storagemutated.unsubscribe(hear);
    for (const table of ['_hidden', '_conflicts'])
      expect(told).toContain(`idb://${a.table(table).db.name}/${table}/:dels`);
    await ring(b);
    expect(a.notices.filter(({ type }) => type === 'rebuilt')).toEqual([]);
    for (const one of [a, b]) {
      expect(await hidden(one)).toEqual([]);
      expect(await one.table('_conflicts').count()).toBe(0);
    }
    expect((await found.log()).at(-1)).toMatchObject({ actor: SERVER_ACTOR, v: 3 });
    await expectWhole(found);
  });

  it('[RT3] what waits for a person stays, with its tombstone', async () => {
    const found = await scene();
    const { a, b, space, hidden } = found;
    a.offline = true;
    await a.put(space, [setTitle('i1', 'Tarp')]);
    await b.put(space, [remove('items', 'i1')]);
    await b.put(space, [remove('items', 'i2')]);
    await ring(b);
    a.offline = false;
    for (const one of [a, b]) await ring(one);
    await found.growOld(a, b);
    for (const one of [a, b]) await ring(one);
    for (const one of [a, b]) {
      expect(await hidden(one)).toEqual(['i1']);
      expect(await one.table('_conflicts').toArray()).toMatchObject([{ id: 'i1', open: true }]);
    }
    await expectWhole(found);
  });

  it('[RT5] [RB6] [LG8] a device that slept beyond its lease begins anew, and nothing comes back or is lost', async () => {
    const found = await scene();
    const { a, b, space, hidden } = found;
    a.offline = true;
    await a.put(space, [setTitle('i1', 'Tarp')]);
    await a.put(space, [newItem('i9', 'Lamp')]);
    await a.put(space, [remove('items', 'i3')]);
    await b.put(space, [remove('items', 'i1')]);
    await b.put(space, [remove('items', 'i2')]);
    await found.growOld();
    await ring(b);
    expect(await hidden(b)).toEqual([]);
    a.offline = false;
    for (const one of [a, b, a]) await ring(one);
    expect(a.notices).toContainEqual(expect.objectContaining({ type: 'rebuilt', space }));
    const ids = [...(await a.rows('items')).keys()];
    expect(ids.filter((id) => !id.startsWith('f'))).toEqual(['i9']);
    for (const one of [a, b]) {
      expect(await one.table('_conflicts').toArray()).toMatchObject([
        { kind: 'edit-delete', id: 'i1', open: true },
      ]);
    }
    const sent = (await found.log()).slice(-3);
    expect(sent.map(titleOf)).toEqual(['Tarp', 'Lamp', '']);
    await expectWhole(found);
  });

  it('[AB90] says so, with what became of what had waited, until the person has seen it', async () => {
    let now = Date.UTC(2026, 2, 14);
    let isCut = true;
    const found = await scene({
      now: () => now,
      fetch: async (url, init) => {
        if (isCut && url.pathname.startsWith('/sync/bootstrap')) throw new TypeError('cut off');
        return fetch(url, init);
      },
    });
    const { a, b, space } = found;
    const since = now;
    now += 1;
    a.offline = true;
    await a.put(space, [setTitle('i1', 'Tarp'), setTitle('i2', 'Gas stove')]);
    await a.put(space, [newItem('i9', 'Lamp')]);
    await a.put(space, [remove('items', 'i3')]);
    await b.put(space, [remove('items', 'i1')]);
    await b.put(space, [remove('items', 'i2')]);
    await b.put(space, [remove('items', 'i3')]);
    await found.growOld();
    a.offline = false;
    now += 400 * DAY_MS;
    // Not before it is back.
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ pending: 3, away: null });
    now += DAY_MS;
    isCut = false;
    await ring(a);
    a.restart();
    expect(await a.engine.status()).toMatchObject({
      phase: 'idle',
      away: { since, kept: 3, deleted: 2 },
    });
    const { status } = (await a.ask({ v: 1, type: 'away-seen' })) as { status: Status };
    expect(status).toMatchObject({ away: null, conflicts: 2 });
    a.restart();
    expect(await a.engine.status()).toMatchObject({ away: null });
    await ring(b);
    await expectWhole(found);
  });

  it('[AB91] says nothing of it on a device that had never had it', async () => {
    const found = await scene();
    await found.growOld();
    const c = lab.device({ listens: false });
    const { connection } = await found.b.session.load();
    await c.connect(lab.server.url, connection?.token ?? '');
    await c.put(found.space, [setTitle('i1', 'Tarp')]);
    await ring(c);
    expect((await c.rows('items')).get('i1')).toMatchObject({ title: 'Tarp' });
    expect(await c.engine.status()).toMatchObject({ phase: 'idle', pending: 0, away: null });
  });

  it('[RB4] [CF9] what waits here about what is dropped shows nothing any more, and is sent as it is', async () => {
    const held = new Set<SpaceId>();
    // The server hears of the cursor alone: what waits goes on waiting.
    const listening: Fetch = async (url, init) => {
      if (url.pathname !== '/sync/push') return fetch(url, init);
      const request = JSON.parse(init.body as string) as PushRequest;
      const spaces = Object.entries(request.spaces).map(([id, asked]) => [
        id,
        held.has(id as SpaceId) ? { ...asked, ops: undefined } : asked,
      ]);
      const body = { ...request, spaces: Object.fromEntries(spaces) as PushRequest['spaces'] };
      return fetch(url, { ...init, body: JSON.stringify(body) });
    };
    const found = await scene({ fetch: listening });
    const { a, b, space, hidden } = found;
    a.offline = true;
    await a.put(space, [setTitle('i3', 'Line')]);
    await b.put(space, [setTitle('i3', 'Cord')]);
    await b.put(space, [remove('items', 'i1')]);
    await ring(b);
    a.offline = false;
    for (const one of [a, b]) await ring(one);
    held.add(space);
    const [conflict] = (await a.table('_conflicts').toArray()) as ConflictRow[];
    const { actor, clock, collection, id, field, kind } = conflict as ConflictRow;
    const name = { actor, clock, collection, id, field, kind };
    await a.put(space, [{ kind: 'resolve', conflict: name, take: 'loser' }]);
    const cord = (await a.rows('items')).get('i3');
    const restore: MutationJson = { kind: 'restore', collection: 'items', id: 'i1' };
    await a.put(space, [restore]);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Tent' });
    await found.growOld(a, b);
    expect(cord).toMatchObject({ title: 'Cord' });
    const cursor = async () => ((await a.space(space)) as SpaceRow).cursor;
    while ((await cursor()) < (await found.log()).length) await ring(a);
    expect((await a.rows('items')).get('i1')).toBeUndefined();
    expect(await hidden(a)).toEqual(['i1']);
    // Of a conflict that is known no more a side says nothing.
    expect((await a.rows('items')).get('i3')).toMatchObject({ title: 'Line' });
    expect(await a.engine.status()).toMatchObject({ pending: 2 });
    expect(a.notices.filter(({ type }) => type === 'rebuilt')).toEqual([]);
    held.clear();
    for (const one of [a, b, a]) await ring(one);
    expect(await hidden(a)).toEqual([]);
    await expectWhole(found);
  });
});
