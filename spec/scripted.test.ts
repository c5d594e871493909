/** What the engine does when a server speaks of one space as ours never does yet, or not for long. */
import { describe, expect, it } from 'vitest';
import {
  asSeq,
  type Clock,
  type Epoch,
  type PushRequest,
  type SpaceError,
  type SpaceId,
} from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { newItem, newList, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** A connected device, with one space of which a script has the last word: its error, or none. */
async function scripted() {
  const script: { error?: SpaceError; space?: SpaceId; isCut?: boolean; carried: number[] } = {
    carried: [],
  };
  let now = Date.now();
  const token = await lab.nextToken();
  const device = lab.device({
    listens: false,
    now: () => now,
    fetch: async (url, init) => {
      const { error, space, isCut } = script;
      if (isCut && url.pathname.startsWith('/sync/bootstrap')) throw new TypeError('cut');
      if (!error || !space || url.pathname !== '/sync/push') return fetch(url, init);
      const request = JSON.parse(init.body as string) as {
        spaces: Record<string, { ops?: unknown[] }>;
      };
      const count = request.spaces[space]?.ops?.length ?? 0;
      script.carried.push(count);
      if (count === 0 && error.code === 'space_full') return fetch(url, init);
      return Response.json({ now, spaces: { [space]: { error } } });
    },
  });
  await device.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('i1', 'Tent')]);
  script.space = space;
  const titles = async () =>
    ((await logsOf(lab.server.url, token)).get(space) ?? []).map(
      ({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '',
    );
  return { device, space, script, titles, later: (ms: number) => void (now += ms) };
}

/** With a list beside that nobody follows any more, and of which one op was set aside as forbidden. */
async function forbiddenUnfollowed() {
  const { device, script } = await scripted();
  const list = uuid() as SpaceId;
  await device.put(undefined, [newList(list, 'L')]);
  await device.put(list, [newItem('i2', 'Map')]);
  await device.put(undefined, [remove('lists', list)]);
  Object.assign(script, { space: list, error: { code: 'forbidden' } });
  await device.put(list, [setTitle('i2', 'set aside')]);
  return { device, script, list };
}

describe('a space that the server will not take ops for', () => {
  it.each(['forbidden', 'space_deleted'] as const)(
    '[AB21] for good, as %s says: what is pending goes to the person, and no more is taken until it is given back',
    async (code) => {
      const { device, space, script, titles } = await scripted();
      script.error = { code };
      await device.write([
        { space, do: [setTitle('i1', 'pending 1')] },
        { space, do: [newItem('i2', 'pending 2')] },
      ]);
      expect(await device.engine.status()).toMatchObject({
        pending: 0,
        setAside: 2,
        trouble: { space, code },
      });
      const aside = (await device.table('_aside').toArray()) as { code: string; payload: string }[];
      expect(aside.map((op) => [op.code, op.payload.includes('pending')])).toEqual([
        [code, true],
        [code, true],
      ]);
      expect((await device.rows('items')).get('i1')).toMatchObject({ title: 'Tent' });
      expect([...(await device.rows('items')).keys()]).toEqual(['i1']);
      await expect(device.put(space, [setTitle('i1', 'refused')])).rejects.toThrow(code);
      await ring(device);
      delete script.error;
      await ring(device);
      await device.put(space, [setTitle('i1', 'again')]);
      expect(await titles()).toEqual(['Tent', 'again']);
      expect(await device.engine.status()).toMatchObject({
        pending: 0,
        setAside: 2,
        trouble: null,
        phase: 'idle',
      });
    },
  );

  it('[AB21] is asked about until it may be written again, also where nobody follows it', async () => {
    const { device, script, list } = await forbiddenUnfollowed();
    expect(await device.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
    await expect(device.put(list, [setTitle('i2', 'refused')])).rejects.toThrow('forbidden');
    delete script.error;
    await ring(device);
    await device.put(list, [setTitle('i2', 'again')]);
    expect((await device.rows('items', list)).get('i2')).toMatchObject({ title: 'again' });
    expect(await device.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
  });

  it.each([
    { code: 'cursor_expired', horizon: asSeq(99) },
    { code: 'epoch_changed', epoch: uuid() as Epoch },
    { code: 'cursor_ahead', head: asSeq(0) },
    { code: 'digest_mismatch' },
  ] satisfies SpaceError[])(
    '[AB21] is asked about until it is built anew, as $code asks for, also where nobody follows it',
    async (error) => {
      const { device, script, list } = await forbiddenUnfollowed();
      Object.assign(script, { error, isCut: true });
      await ring(device);
      const left = (await device.space(list)) as SpaceRow;
      expect(left).toMatchObject({ trouble: error.code, followed: false, pending: 0 });
      delete script.error;
      script.isCut = false;
      await device.ask({ v: 1, type: 'sync-now' });
      expect(await device.engine.status()).toMatchObject({ phase: 'idle', trouble: null });
      await device.put(list, [setTitle('i2', 'again')]);
      expect((await device.rows('items', list)).get('i2')).toMatchObject({ title: 'again' });
      expect(await device.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
    },
  );

  it.each(['space_full', 'protocol_unsupported'] as const)(
    '[DR26] [ST7] for now, as %s says: it is pulled alone for a minute, and then tried again',
    async (code) => {
      const { device, space, script, titles, later } = await scripted();
      script.error = { code: 'space_full' };
      if (code === 'protocol_unsupported') script.error = { code, versions: [1] };
      await device.put(space, [setTitle('i1', 'waits')]);
      expect(script.carried[0]).toBe(1);
      const first = script.carried.length;
      await ring(device);
      expect(script.carried.slice(first).every((count) => count === 0)).toBe(true);
      expect(await device.engine.status()).toMatchObject({
        pending: 1,
        setAside: 0,
        trouble: { space, code },
      });
      // Another error that passes by itself does not hide why its ops are held back.
      const held = script.error;
      script.error = { code: 'clock_gap', expected: 99 as Clock };
      await ring(device);
      expect(await device.engine.status()).toMatchObject({ trouble: { space, code } });
      script.error = held;
      await ring(device);
      delete script.error;
      await ring(device);
      expect(await titles()).toEqual(['Tent']);
      later(61_000);
      await ring(device);
      expect(await titles()).toEqual(['Tent', 'waits']);
      expect(await device.engine.status()).toMatchObject({ pending: 0, trouble: null });
    },
  );

  it('[DR21] [DR26] for now, and the clock is set back by years: its ops wait no longer for that', async () => {
    const { device, space, script, titles, later } = await scripted();
    script.error = { code: 'space_full' };
    await device.put(space, [setTitle('i1', 'waits')]);
    delete script.error;
    later(-10 * 365 * 24 * 3_600_000);
    await ring(device);
    expect(await titles()).toEqual(['Tent', 'waits']);
  });
});

describe('more spaces than a request has room for', () => {
  it('[DR27] [DR31] are each asked about once in a drain, also where none of them gets on', async () => {
    const script = { isFull: false, requests: [] as string[][] };
    const device = lab.device({
      listens: false,
      fetch: async (url, init) => {
        if (url.pathname !== '/sync/push') return fetch(url, init);
        const { spaces } = JSON.parse(init.body as string) as PushRequest;
        const asked = Object.keys(spaces);
        if (asked.length > 3)
          return Response.json({ status: 413, code: 'too_large' }, { status: 413 });
        script.requests.push(asked);
        // Otherwise a drain without an end would keep the test, too, from ending.
        if (script.requests.length > 50) throw new TypeError('too many');
        if (!script.isFull) return fetch(url, init);
        const error = { code: 'space_full', limit: 1 };
        const answers = Object.fromEntries(asked.map((space) => [space, { error }]));
        return Response.json({ now: Date.now(), spaces: answers });
      },
    });
    await device.connect(lab.server.url, await lab.nextToken());
    const lists = Array.from({ length: 8 }, () => uuid() as SpaceId);
    await device.write(lists.map((list) => ({ do: [newList(list, list)] })));
    device.offline = true;
    await device.write(lists.map((list) => ({ space: list, do: [newItem('i1', 'Tent')] })));
    device.offline = false;
    Object.assign(script, { isFull: true, requests: [] });
    await ring(device);
    expect(script.requests.length).toBeLessThan(10);
    expect(new Set(script.requests.flat()).size).toBe(9);
    expect(await device.engine.status()).toMatchObject({
      pending: 8,
      trouble: { code: 'space_full' },
    });
  });
});

describe('a server that this app is too old for', () => {
  it.each([
    [426, 'client_too_old'],
    [400, 'protocol_unsupported'],
  ])(
    '[DR29] with %i %s: the status says so, everything is kept, and it is asked again',
    async (status, code) => {
      let isTooOld = false;
      let now = Date.now();
      const device = lab.device({
        listens: false,
        now: () => now,
        fetch: (url, init) =>
          isTooOld && url.pathname === '/sync/push'
            ? Promise.resolve(Response.json({ status, code }, { status }))
            : fetch(url, init),
      });
      await device.connect(lab.server.url, await lab.nextToken());
      isTooOld = true;
      await device.put(undefined, [newItem('i1', 'Tent')]);
      expect(await device.engine.status()).toMatchObject({
        phase: 'update-needed',
        pending: 1,
        setAside: 0,
      });
      isTooOld = false;
      now += 120_000;
      await device.ask({ v: 1, type: 'ring', reason: 'poll' });
      expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    },
  );

  it('[DR5] with a token of another account it waits for the right one', async () => {
    let isWrong = false;
    const device = lab.device({
      listens: false,
      fetch: (url, init) =>
        isWrong && url.pathname === '/sync/push'
          ? Promise.resolve(Response.json({ status: 403, code: 'wrong_account' }, { status: 403 }))
          : fetch(url, init),
    });
    const name = lab.nextName();
    await device.connect(lab.server.url, await lab.server.tokenFor(name));
    isWrong = true;
    await device.put(undefined, [newItem('i1', 'Tent')]);
    expect(await device.engine.status()).toMatchObject({
      phase: 'needs-auth',
      pending: 1,
      waiting: null,
    });
    isWrong = false;
    await device.connect(lab.server.url, await lab.server.tokenFor(name));
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });
});
