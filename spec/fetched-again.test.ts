/**
 * A device behind the horizon on a bad line: what has come of its snapshot stays, whatever cuts it off.
 * The server is a real one, whose days the test lets pass; between the two a script cuts and holds.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { PushAnswer, PushRequest, SequencedOp, SpaceId } from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import { StorageError, type Ports } from '../sw/engine/ports.ts';
import type { Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, setTitle } from './support/lists-config.ts';
import {
  PASS,
  cutAt,
  gated,
  killAt,
  newItems,
  ofShortLogs,
  offsetOf,
  scripted,
  textOf,
  titleIn,
  write,
} from './support/snapshot-way.ts';

const DAY_MS = 24 * 3_600_000;
const lab = openLab({ snapshots: { every: 100, atLeast: 100 }, retention: { buffer: 0 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** What a device with these ports fetches of the list that has lost its start meanwhile. */
async function away(around: (ports: Ports) => Ports = ofShortLogs) {
  const token = await lab.nextToken();
  const between = scripted({});
  const way: { push: Fetch } = { push: fetch };
  const device = lab.device({
    listens: false,
    around,
    fetch: (url, init) =>
      url.pathname === '/sync/push' ? way.push(url, init) : between.fetch(url, init),
  });
  const b = lab.device({ listens: false });
  for (const one of [device, b]) await one.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('tent', 'Tent')]);
  for (const one of [device, b]) await ring(one);
  device.offline = true;
  await device.put(space, [setTitle('tent', 'written while it was away')]);
  const grow = async (from: number) => {
    await write(b, space, newItems(from, from + 150));
    await ring(b);
    await lab.server.keeper.idle();
  };
  await grow(0);
  await lab.server.retention.tick(DAY_MS);
  for (const from of [150, 300]) await grow(from);
  for (let day = 0; day < 90; day++) await lab.server.retention.tick(DAY_MS);
  device.offline = false;
  const kept = () => device.table('_fetched').toArray() as Promise<{ text: string }[]>;
  return { ...between, way, device, b, space, token, kept };
}
type Away = Awaited<ReturnType<typeof away>>;

/** It has all that the other has, what it wrote is in the log once, and nothing of a text is left. */
async function expectWhole({ device, b, space, token, kept }: Away): Promise<void> {
  for (const one of [device, b]) await ring(one);
  expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
  expect((await device.rows('items')).size).toBe(451);
  expect(await device.rows('items')).toEqual(await b.rows('items'));
  expect(await kept()).toEqual([]);
  const { head } = (await b.space(space)) as { head: number };
  const url = `${lab.server.url}/sync/pull?since=${space}:${head - 100}`;
  const headers = { Authorization: `Bearer ${token}` };
  const { spaces } = (await (await fetch(url, { headers })).json()) as {
    spaces: Record<SpaceId, { ops: SequencedOp[] }>;
  };
  const titles = spaces[space]?.ops.map(({ payload }) => titleIn(payload));
  expect(titles?.filter((title) => title === 'written while it was away')).toHaveLength(1);
}

let one: Away;
beforeEach(async () => void (one = await away()));

describe('a device behind the horizon', () => {
  it('[AB96] goes on where it was cut off, also inside a letter, and where its worker was killed', async () => {
    const { device, asked, script, kept, space } = one;
    script.push(cutAt(0), cutAt(20_000), cutAt(1), (all) =>
      cutAt(all.findIndex((byte, at) => at > 9000 && byte >= 0x80) + 1)(all),
    );
    while (script.length > 0) {
      await ring(device);
      // Of what is shown nothing has changed before all of it is here.
      expect((await device.rows('items')).size).toBe(1);
    }
    await killAt(one, 10_000, ring);
    const before = await kept();
    expect(before).toHaveLength(3);
    await expectWhole(one);
    const offsets = asked.map(offsetOf);
    expect(offsets.slice(0, 2)).toEqual([NaN, NaN]);
    const resumed = offsets.slice(2);
    expect(resumed).toEqual(resumed.toSorted((x, y) => x - y));
    // Cut off before the end of a line, that line comes again; killed, what was not a piece yet.
    expect(resumed[1]).toBe(resumed[0]);
    expect(resumed[0]).toBeGreaterThan(19_000);
    expect(resumed[2]).toBeGreaterThan(28_000);
    expect(resumed.at(-1)).toBeGreaterThan((resumed[2] ?? 0) + 6000);
    const bytes = before.reduce((sum, { text }) => sum + new TextEncoder().encode(text).length, 0);
    expect(resumed.at(-1)).toBe(bytes);
    expect(device.notices).toContainEqual(expect.objectContaining({ type: 'rebuilt', space }));
  });

  it('[ST31] says how much has come, while what there was is still in sight', async () => {
    const { device, script, space } = one;
    const shown: number[] = [];
    const look = async () => void shown.push((await device.rows('items')).size);
    script.push(gated([8000, 16_000, 24_000], [PASS, look, look, look]));
    const before = device.notices.length;
    await expectWhole(one);
    const told = device.notices
      .slice(before)
      .flatMap((notice) => (notice.type === 'status' ? [notice.status] : []));
    const during = told.filter(({ filling }) => filling !== null);
    expect(during.length).toBeGreaterThan(1);
    expect(new Set(during.map(({ phase }) => phase))).toEqual(new Set(['bootstrapping']));
    const amounts = during.flatMap(({ filling }) => filling ?? []);
    expect(new Set(amounts.map(({ spaces }) => spaces.join()))).toEqual(new Set([space]));
    expect(new Set(amounts.map(({ ofRecords }) => ofRecords))).toEqual(new Set([451]));
    const records = amounts.map((amount) => amount.records);
    expect(records).toEqual(records.toSorted((x, y) => x - y));
    expect(records[0]).toBeLessThan(451);
    expect(shown).toEqual([1, 1, 1]);
    expect(told.at(-1)).toMatchObject({ phase: 'idle', filling: null });
  });

  it('[AB97] fetches the newest where the one that it had begun is gone', async () => {
    const { device, asked, script } = one;
    script.push(cutAt(20_000));
    await ring(device);
    script.push(() => Response.json({ code: 'no_such_snapshot', status: 404 }, { status: 404 }));
    await expectWhole(one);
    expect(asked.map(offsetOf)).toEqual([NaN, expect.any(Number), NaN]);
  });

  it('[AB97] takes what a server sends that cannot go on with a snapshot', async () => {
    const { device, asked, script, space, token } = one;
    script.push(cutAt(20_000));
    await ring(device);
    const whole = new URL(`/sync/bootstrap/${space}`, lab.server.url);
    script.push(() => fetch(whole, { headers: { Authorization: `Bearer ${token}` } }));
    await expectWhole(one);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['a line that does not parse', (text: string) => text.replace(/.*"i0300".*/, '{}')],
    ['more lines than it counts', (text: string) => text.replace(/(\n.*"i0300".*)/, '$1$1')],
    [
      'fewer lines than it counts',
      (text: string) => text.replace('"records":451', '"records":452'),
    ],
  ])('[AB97] forgets a snapshot with %s, and fetches it from its start', async (_, spoil) => {
    const { device, asked, script, kept } = one;
    const spoilt = (all: Uint8Array) => new TextEncoder().encode(spoil(textOf(all)));
    script.push(
      (all) => cutAt(5000)(spoilt(all)),
      (all) => new Response(spoilt(all)),
    );
    for (let times = 0; times < 2; times++) await ring(device);
    expect(await device.engine.status()).toMatchObject({ phase: 'offline', pending: 1 });
    expect(await kept()).toEqual([]);
    await expectWhole(one);
    expect(asked.map(offsetOf)).toEqual([NaN, expect.any(Number), NaN]);
  });

  it('[AB97] forgets one from which the log does not go on', async () => {
    const { device, asked, script, way, space, kept } = one;
    script.push(cutAt(20_000));
    await ring(device);
    way.push = async (url, init) => {
      const response = await fetch(url, init);
      const asks = (JSON.parse(init.body as string) as PushRequest).spaces[space];
      if (!asks || asks.ops || asks.since < 100 || asks.digest !== undefined) return response;
      const answer = (await response.json()) as PushAnswer;
      const error = { code: 'cursor_expired', horizon: asks.since + 1, acked: 0 };
      return Response.json({ ...answer, spaces: { ...answer.spaces, [space]: { error } } });
    };
    await ring(device);
    expect(await kept()).toEqual([]);
    way.push = fetch;
    await expectWhole(one);
    expect(asked.map(offsetOf).filter((offset) => offset > 0)).toHaveLength(1);
  });

  it('[AB97] does not ask without end for a snapshot that is gone, where the disk does not let it forget', async () => {
    let isFull = true;
    const found = await away((ports) => ({
      ...ofShortLogs(ports),
      store: {
        ...ports.store,
        write: (work) =>
          ports.store.write((tx) =>
            work({
              ...tx,
              async clearFetched(space) {
                if (isFull) throw new StorageError('full');
                await tx.clearFetched(space);
              },
            }),
          ),
      },
    }));
    const gone = () => Response.json({ code: 'no_such_snapshot', status: 404 }, { status: 404 });
    found.script.push(cutAt(20_000), ...Array.from({ length: 20 }, () => gone));
    for (let times = 0; times < 2; times++) await ring(found.device);
    expect(await found.device.engine.status()).toMatchObject({ pending: 1 });
    // A drain has two turns of building anew.
    expect(found.script).toHaveLength(18);
    isFull = false;
    found.script.splice(1);
    await expectWhole(found);
    expect(found.asked.map(offsetOf).map(Number.isNaN)).toEqual([true, false, false, false, true]);
  });

  it('[AB96] without room for what comes builds anew all the same', async () => {
    const full = (): Promise<void> => Promise.reject(new StorageError('full'));
    const found = await away((ports) => ({
      ...ofShortLogs(ports),
      store: {
        ...ports.store,
        write: (work) => ports.store.write((tx) => work({ ...tx, putFetched: full })),
      },
    }));
    found.script.push(cutAt(20_000));
    await ring(found.device);
    expect(await found.device.engine.status()).toMatchObject({ phase: 'offline', pending: 1 });
    expect(await found.kept()).toEqual([]);
    await expectWhole(found);
    expect(found.asked.map(offsetOf)).toEqual([NaN, NaN]);
  });
});
