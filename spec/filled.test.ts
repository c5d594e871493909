/**
 * A new device: it begins with the snapshot of a long log, in parts, and goes on where it was cut off.
 * The server is a real one; between it and the device a script cuts, holds and changes its snapshots.
 */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ParsedPageRequest, PushAnswer, PushRequest, SpaceId } from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import { StorageError, type Ports, type SpaceRow } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';
import {
  type Change,
  PASS,
  beforeLast,
  cutAt,
  gated,
  idOf,
  killAt,
  newItems,
  ofShortLogs,
  offsetOf,
  scripted,
  textOf,
  titleIn,
  write,
  writeOnly,
} from './support/snapshot-way.ts';

const lab = openLab({ snapshots: { every: 600, atLeast: 100 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const rowOf = async (one: Device, space: SpaceId) => (await one.space(space)) as SpaceRow;

let list: { readonly token: string; readonly space: SpaceId };
/** A list with a long log, deletions and a conflict in it, and its snapshot on the server. */
beforeAll(async () => void (list = await longList(700)), 60_000);

async function longList(count: number) {
  const token = await lab.nextToken();
  const [a, b] = [lab.device({ listens: false }), lab.device({ listens: false })];
  for (const one of [a, b]) await one.connect(lab.server.url, token);
  const space = uuid() as SpaceId;
  await a.put(undefined, [newList(space, 'Packing ⛺')]);
  await write(a, space, newItems(0, 3));
  for (const one of [a, b]) await ring(one);
  await Promise.all([a, b].map((one, n) => one.put(space, [setTitle(idOf(0), `at once ${n}`)])));
  for (const one of [a, b, a]) await ring(one);
  await write(a, space, [remove('items', idOf(1)), ...newItems(3, count)]);
  await ring(a);
  await lab.server.keeper.idle();
  for (const one of [a, b]) one.close();
  return { token, space };
}

/** A new device of the account, behind a script. */
function newDevice(...script: Change[]) {
  // What was just sent may be in it.
  const between = scripted({ before: () => lab.server.keeper.idle(), script });
  const device = lab.device({ listens: false, fetch: between.fetch });
  return { device, ...between, connect: () => device.connect(lab.server.url, list.token) };
}

/** It is where replay ends, and has nothing more to do. */
async function expectWhole(one: Device): Promise<void> {
  await ring(one);
  const settled = { phase: 'idle', pending: 0, behind: 0, trouble: null, filling: null };
  expect(await one.engine.status()).toMatchObject(settled);
  const logs = await logsOf(lab.server.url, list.token);
  expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
  expect((await rowOf(one, list.space)).cursor).toBe(logs.get(list.space)?.length);
}

/** It is so far a part of what the log folds to. */
async function expectPart(one: Device): Promise<void> {
  const logs = await logsOf(lab.server.url, list.token);
  expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
  expect(await rowOf(one, list.space)).toMatchObject({ cursor: 0, filling: {} });
}

describe('a new device', () => {
  it('[AB80] begins a long log with its snapshot, and pulls what stands behind it', async () => {
    const { device, asked, connect } = newDevice();
    await connect();
    expect(asked).toEqual([list.space]);
    const { space } = list;
    expect(device.notices).toContainEqual(expect.objectContaining({ type: 'rebuilt', space }));
    expect(await device.table('_conflicts').toArray()).toMatchObject([{ kind: 'edit-edit' }]);
    const applied = device.notices.filter((one) => one.type === 'applied' && one.space === space);
    expect(applied.filter((one) => 'from' in one && one.from <= 600)).toEqual([]);
    await expectWhole(device);
  });

  it('[AB80] replays a log of which there is no snapshot', async () => {
    const { device, asked, connect } = newDevice((all) => {
      const header = JSON.parse(textOf(all).split('\n')[0] ?? '') as object;
      const counts = { records: 0, actors: 0, conflicts: 0, malformed: 0, bytes: 0 };
      return new Response(`${JSON.stringify({ ...header, ...counts, seq: 0 })}\n`);
    });
    await connect();
    expect(asked).toEqual([list.space]);
    await expectWhole(device);
  });

  it('[AB81] that is killed five times goes on where it was, and ends where replay ends', async () => {
    const one = newDevice();
    const { device, asked } = one;
    for (let kill = 0; kill < 4; kill++) {
      await killAt(one, 30_000, kill === 0 ? one.connect : ring);
      await expectPart(device);
    }
    one.script.push((all) => cutAt(beforeLast(64)(all))(all));
    await ring(device);
    // The last line is in, and nothing is done with it yet.
    await killAt(one, (all) => all.length, ring);
    await expectPart(device);
    await expectWhole(device);
    const offsets = asked.map(offsetOf);
    expect(offsets.slice(1)).toEqual(offsets.slice(1).toSorted((a, b) => a - b));
    expect(new Set(offsets).size).toBe(7);
    const { filling } = (await rowOf(device, list.space)) as { filling?: unknown };
    expect(filling).toBeUndefined();
  });

  it('[AB81] [WI61] whose download is cut at any byte goes on there, also inside a letter', async () => {
    const { device, asked, script, connect } = newDevice();
    const inLetter = (from: number): Change => {
      return (all) => cutAt(all.findIndex((byte, at) => at >= from && byte >= 0x80) + 1)(all);
    };
    script.push(cutAt(0), cutAt(100), inLetter(9000), cutAt(1), cutAt(5001), inLetter(20_000));
    await connect();
    while (script.length > 0) {
      await ring(device);
      await expectPart(device);
    }
    expect(await device.engine.status()).toMatchObject({ phase: 'offline' });
    await expectWhole(device);
    const offsets = asked.map(offsetOf).filter((offset) => offset > 0);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    // What had no whole line behind the header brings nothing.
    expect(asked.filter((query) => query === list.space)).toHaveLength(3);
    expect(offsets.at(-1)).toBeGreaterThan(30_000);
  });

  it('[AB82] [AB84] sends what is written meanwhile, and has it once', async () => {
    const { device, script, connect } = newDevice();
    const { space, token } = list;
    const titles = ['seen as it came', 'not seen yet', 'made meanwhile'];
    const sent = async () => (await logsOf(lab.server.url, token)).get(space)?.slice(-3);
    const writeAll = async () => {
      await writeOnly(device, space, setTitle(idOf(2), titles[0] ?? ''));
      await writeOnly(device, space, setTitle(idOf(699), titles[1] ?? ''));
      await writeOnly(device, space, newItem(uuid(), titles[2] ?? ''));
    };
    // Before the rest of the snapshot has come.
    const look = async () => {
      await vi.waitFor(async () =>
        expect((await sent())?.map(({ payload }) => titleIn(payload))).toEqual(titles),
      );
      await expectPart(device);
    };
    script.push(gated([40_000, 60_000], [PASS, writeAll, look]));
    await connect();
    await expectWhole(device);
    const conflicts = await device.table('_conflicts').toArray();
    expect(conflicts.map(({ id }: { id: string }) => id).toSorted()).toEqual([idOf(0), idOf(699)]);
  });

  it('[AB82] [RB29] has what it wrote before, and what of that is in the snapshot once', async () => {
    const { device, asked, connect } = newDevice();
    const { space } = list;
    const mine = Array.from({ length: 120 }, (_, n) =>
      newItem(`mine${n}`, `mine ${n}`.padEnd(2000, '.')),
    );
    await write(device, space, [setTitle(idOf(5), 'before it knew'), ...mine]);
    await device.put(undefined, [newList(uuid(), 'of its own')]);
    await connect();
    expect(asked).toEqual([space]);
    expect((await rowOf(device, space)).progress).toMatchObject({ covered: 121, folded: 121 });
    await expectWhole(device);
    expect(await device.table('_outbox').count()).toBe(0);
  });

  it('[AB83] begins anew when its snapshot is gone, with what waits and what is on its way kept', async () => {
    const one = newDevice();
    const { device, asked, script, connect } = one;
    const { space } = list;
    await killAt(one, 60_000, connect);
    const other = uuid() as SpaceId;
    device.offline = true;
    await device.put(undefined, [newList(other, 'Other')]);
    await device.put(space, [setTitle(idOf(4), 'while it came')]);
    await device.write([
      { space: other, do: [newItem(idOf(6), 'moved')] },
      { space, do: [remove('items', idOf(6))] },
    ]);
    device.offline = false;
    const gone = { code: 'no_such_snapshot', status: 404 };
    script.push(
      () => Response.json(gone, { status: 404 }),
      gated([60_000], [PASS, () => expectPart(device)]),
    );
    await ring(device);
    expect(asked.map(offsetOf)).toEqual([NaN, expect.any(Number), NaN]);
    await expectWhole(device);
    expect((await device.rows('items')).get(idOf(4))).toMatchObject({ title: 'while it came' });
    expect((await device.rows('items', space)).has(idOf(6))).toBe(false);
    expect((await device.rows('items', other)).has(idOf(6))).toBe(true);
  });

  it('[AB83] begins anew with what a server sends that cannot go on with a snapshot', async () => {
    const { device, asked, script, connect } = newDevice(cutAt(40_000));
    await connect();
    script.push(() => forgetful());
    const forgetful = () =>
      fetch(new URL(`/sync/bootstrap/${list.space}`, lab.server.url), {
        headers: { Authorization: `Bearer ${list.token}` },
      });
    await ring(device);
    expect(asked).toHaveLength(2);
    expect(offsetOf(asked[1])).toBeGreaterThan(0);
    await expectWhole(device);
  });

  const faults: [string, (text: string) => string][] = [
    ['counts of more records', (text) => text.replace(/"records":(\d+)/, '"records":1$1')],
    ['counts of fewer bytes', (text) => text.replace(/"bytes":\d/, '"bytes":')],
    [
      'a line that does not parse',
      (text) => text.replace(/\n.*"i0300".*\n/, '\n{"kind":"record"}\n'),
    ],
    ['a line that comes twice', (text) => text.replace(/(\n.*"i0300".*)(\n.*\n)/, '$1$1\n')],
  ];
  it.each(faults)('[AB83] takes away a snapshot with %s, and fetches it anew', async (_, spoil) => {
    const { device, asked, script, connect } = newDevice((all) => new Response(spoil(textOf(all))));
    await connect();
    expect(await device.engine.status()).toMatchObject({
      phase: 'offline',
      filling: { records: 0, bytes: 0 },
    });
    expect(await device.rows('items', list.space)).toEqual(new Map());
    await expectWhole(device);
    expect(asked).toEqual([list.space, list.space]);
    expect(script).toEqual([]);
  });

  it('[ST30] says how much of it has come, and that it is so', async () => {
    const { device, connect } = newDevice();
    await connect();
    const told = device.notices.flatMap((one) => (one.type === 'status' ? [one.status] : []));
    const filling = told.filter((status) => status.filling?.ofRecords);
    expect(new Set(filling.map(({ phase }) => phase))).toEqual(new Set(['bootstrapping']));
    const [first] = filling;
    expect(first?.filling?.records).toBeGreaterThan(0);
    expect(first?.filling?.records).toBeLessThan(first?.filling?.ofRecords ?? 0);
    expect(first?.filling?.bytes).toBeLessThan(first?.filling?.ofBytes ?? 0);
    expect(told.at(-1)).toMatchObject({ phase: 'idle', filling: null });
  });

  it('[AB85] begins with the smallest list, and gives way to the one that a person opens', async () => {
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, list.token);
    const [small, other] = [uuid(), uuid()] as SpaceId[] as [SpaceId, SpaceId];
    for (const [space, count] of [
      [small, 110],
      [other, 120],
    ] as const) {
      await b.put(undefined, [newList(space, 'Another')]);
      await write(b, space, newItems(0, count));
    }
    await ring(b);
    await lab.server.keeper.idle();
    const { asked, script, fetch: between } = scripted({});
    const device = lab.device({ listens: false, fetch: between, around: ofShortLogs });
    const open = async () => {
      const request = { v: 1, type: 'ring', reason: 'poll', open: [other] } as const;
      await device.engine.handle(request as unknown as ParsedPageRequest);
    };
    script.push(gated([8000, 12_000], [PASS, open]));
    await device.connect(lab.server.url, list.token);
    expect(asked.map((query) => query.slice(0, 36))).toEqual([small, other, small, list.space]);
    expect(offsetOf(asked[2])).toBeGreaterThan(0);
    await expectWhole(device);
  });

  it('[AB86] of a log that has lost its start begins with the snapshot, and then sends what waits', async () => {
    const { space } = list;
    const between = scripted({});
    const pushed: number[] = [];
    const fenced: Fetch = async (url, init) => {
      if (url.pathname !== '/sync/push') return between.fetch(url, init);
      const { spaces, ...request } = JSON.parse(init.body as string) as PushRequest;
      const { [space]: asked, ...others } = spaces;
      if (asked?.since !== 0) return fetch(url, init);
      pushed.push(asked.ops?.length ?? 0);
      const body = JSON.stringify({ ...request, spaces: others });
      const answer = (await (await fetch(url, { ...init, body })).json()) as PushAnswer;
      const error = { code: 'cursor_expired', horizon: 600, acked: 0 };
      return Response.json({ ...answer, spaces: { ...answer.spaces, [space]: { error } } });
    };
    const device = lab.device({ listens: false, fetch: fenced });
    await device.put(space, [newItem('fenced', 'waits')]);
    between.script.push(
      gated([60_000], [PASS, () => writeOnly(device, space, newItem('f2', 'too'))]),
    );
    await device.connect(lab.server.url, list.token);
    expect(between.asked).toContain(space);
    expect(pushed.filter((count) => count > 0)).toEqual([1]);
    await expectWhole(device);
    const log = (await logsOf(lab.server.url, list.token)).get(space) ?? [];
    expect(log.slice(-2).map(({ payload }) => titleIn(payload))).toEqual(['waits', 'too']);
  });

  it('[AB86] that was forbidden meanwhile goes on when it is not any more', async () => {
    const { space } = list;
    const between = scripted({ script: [cutAt(60_000)] });
    let says: 'forbidden' | 'cursor_expired' | undefined;
    const fenced: Fetch = async (url, init) => {
      if (url.pathname !== '/sync/push' || !says) return between.fetch(url, init);
      const answer = (await (await fetch(url, init)).json()) as PushAnswer;
      const of = says === 'forbidden' ? {} : { horizon: 600, acked: 0 };
      const error = { code: says, ...of };
      return Response.json({ ...answer, spaces: { ...answer.spaces, [space]: { error } } });
    };
    const device = lab.device({ listens: false, fetch: fenced });
    await device.connect(lab.server.url, list.token);
    await expectPart(device);
    says = 'forbidden';
    await ring(device);
    expect(await rowOf(device, space)).toMatchObject({ trouble: 'forbidden', filling: {} });
    says = 'cursor_expired';
    await ring(device);
    says = undefined;
    await expectWhole(device);
  });

  it('[AB81] [AC30] whose disk fails meanwhile says so, and goes on when it can', async () => {
    let left = 2;
    const failing = (ports: Ports): Ports => ({
      ...ports,
      store: {
        ...ports.store,
        write: (work) =>
          ports.store.write(async (tx) => {
            const before = (await tx.space(list.space))?.filling?.offset;
            const done = await work(tx);
            const isPart = (await tx.space(list.space))?.filling?.offset !== before;
            if (isPart && left-- === 0) throw new StorageError('full');
            return done;
          }),
      },
    });
    const between = scripted({});
    const device = lab.device({ listens: false, fetch: between.fetch, around: failing });
    await expect(device.connect(lab.server.url, list.token)).rejects.toThrow('storage_full');
    expect(await device.engine.status()).toMatchObject({
      phase: 'storage-failed',
      storageFault: 'full',
    });
    await expectPart(device);
    await expectWhole(device);
    expect(offsetOf(between.asked.at(-1))).toBeGreaterThan(0);
  });

  it('[AB80] begins so too with a list that it does not follow, and only writes in', async () => {
    const b = lab.device({ listens: false });
    await b.connect(lab.server.url, list.token);
    const space = uuid() as SpaceId;
    await write(b, space, newItems(0, 110));
    await ring(b);
    await lab.server.keeper.idle();
    const { asked, fetch: between } = scripted({});
    const device = lab.device({ listens: false, fetch: between, around: ofShortLogs });
    await device.put(space, [newItem('mine', 'not followed')]);
    await device.connect(lab.server.url, list.token);
    expect(asked).toContain(space);
    expect(await rowOf(device, space)).toMatchObject({ followed: false, pending: 0 });
    await expectWhole(device);
  });
});
