/** More to send than a request holds: sending does not wait for what comes back to be folded. */
import { describe, expect, it } from 'vitest';
import type { PushAnswer, PushRequest, SpaceAnswer, SpaceId } from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, setTitle } from './support/lists-config.ts';

const LIMIT = 400;
const lab = openLab({ limits: { payloadBytes: LIMIT } });

type Asked = NonNullable<PushRequest['spaces'][SpaceId]>;
interface Exchange {
  readonly asked: Asked;
  readonly told: SpaceAnswer;
}

/** Notes what is exchanged about spaces whose ops go to and fro, and lets a test meddle with it. */
function wire() {
  const exchanges: Exchange[] = [];
  const meddle = {
    ask: (asked: Asked): object => asked,
    tell: (told: SpaceAnswer, _asked: Asked): object => told,
    /** Resolves before a request is sent. */
    before: async (_asked: Asked): Promise<void> => {},
  };
  const fetched: Fetch = async (url, init) => {
    if (url.pathname !== '/sync/push') return fetch(url, init);
    const request = JSON.parse(init.body as string) as PushRequest;
    for (const asked of spacesOf(request)) await meddle.before(asked);
    const spaces = mapped(request.spaces, (asked) => meddle.ask(asked as Asked));
    const body = JSON.stringify({ ...request, spaces });
    const response = await fetch(url, { ...init, body });
    if (!response.ok) return response;
    const answer = (await response.json()) as PushAnswer;
    const told = mapped(answer.spaces, (part, space) => {
      const asked = request.spaces[space as SpaceId];
      if (!asked || !part || 'error' in part) return part as object;
      const changed = meddle.tell(part, asked) as SpaceAnswer;
      exchanges.push({ asked, told: changed });
      return changed;
    });
    return Response.json({ ...answer, spaces: told });
  };
  return {
    fetched,
    meddle,
    exchanges,
    sends: () => exchanges.filter(({ asked }) => asked.ops),
    sentClocks: () => exchanges.flatMap(({ asked }) => (asked.ops ?? []).map(({ clock }) => clock)),
  };
}

const spacesOf = ({ spaces }: PushRequest): Asked[] =>
  Object.values(spaces).filter((asked) => asked !== undefined);

const mapped = <T>(record: Record<string, T>, change: (value: T, name: string) => object) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

const items = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => newItem(`i${from + i}`, `Item ${from + i}`));

/** As one outbox row of many ops. */
const bulk = (one: Device, space: SpaceId, count: number, from = 0) =>
  one.write(items(count, from).map((mutation) => ({ space, do: [mutation] })));

async function joined(options: { fetch?: Fetch } = {}) {
  const token = await lab.nextToken();
  const device = lab.device({ listens: false, ...options });
  await device.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('first', 'Tent')]);
  return { device, token, space };
}

async function another(token: string) {
  const device = lab.device({ listens: false });
  await device.connect(lab.server.url, token);
  return device;
}

const drain = (one: Device) => one.ask({ v: 1, type: 'sync-now' });
const seqs = (length: number) => Array.from({ length }, (_, i) => i + 1);

async function expectAllThere(one: Device, other: Device, space: SpaceId) {
  expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, behind: 0 });
  expect(await one.table('_outbox').count()).toBe(0);
  await drain(other);
  expect(await other.rows('items')).toEqual(await one.rows('items'));
  const [here, there] = await Promise.all([one, other].map((each) => each.space(space)));
  expect(there).toMatchObject({ digest: here?.digest });
}

describe('more ops than a request holds', () => {
  it('[DR72] are sent one request after the other, and folded when all are', async () => {
    const { fetched, sends, sentClocks, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    device.offline = true;
    await bulk(device, space, 1100);
    for (const item of items(30, 2000)) await device.put(space, [item]);
    device.offline = false;
    exchanges.length = 0;
    await drain(device);
    expect(sends().map(({ asked }) => [asked.ops?.length, asked.acksOnly, asked.since])).toEqual([
      [500, true, 1],
      [500, true, 1],
      [130, undefined, 1],
    ]);
    expect(sends().map(({ told }) => told.ops.length)).toEqual([0, 0, 1000]);
    expect(sentClocks()).toEqual(seqs(1130).map((clock) => clock + 1));
    await expectAllThere(device, await another(token), space);
    expect(await device.table('_settled').count()).toBe(32);
  });

  it('[DR74] come back by name where they are settled and still here, and are whole where they are not', async () => {
    const { fetched, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    const other = await another(token);
    await other.put(space, [setTitle('first', 'Tarp')]);
    device.offline = true;
    await bulk(device, space, 1700);
    device.offline = false;
    exchanges.length = 0;
    await drain(device);
    const answered = exchanges.flatMap(({ told }) => told.ops);
    const whole = answered.filter(({ payload }) => payload !== undefined);
    expect([answered.length, whole.length]).toEqual([1701, 1]);
    await expectAllThere(device, other, space);
  });

  it('[DR72] are not sent again by a host that begins anew before they are folded', async () => {
    const { fetched, meddle, sentClocks, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    device.offline = true;
    await bulk(device, space, 1200);
    await bulk(device, space, 700, 3000);
    device.offline = false;
    exchanges.length = 0;
    let requests = 0;
    meddle.before = async () => {
      requests += 1;
      if (requests === 3) throw new TypeError('the network is gone');
    };
    await drain(device);
    expect(await device.engine.status()).toMatchObject({ phase: 'offline', pending: 1900 });
    const [, sent] = [await device.space(space), sentClocks().length];
    expect(sent).toBe(1000);
    device.restart();
    await drain(device);
    expect(sentClocks()).toEqual(seqs(1900).map((clock) => clock + 1));
    await expectAllThere(device, await another(token), space);
  });

  it('[DR73] of which one is refused, flow around it, and what was foreseen is not sent as it was', async () => {
    const { fetched, sentClocks, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    device.offline = true;
    await bulk(device, space, 600);
    await device.put(space, [newItem('long', 'x'.repeat(LIMIT))]);
    // Never sent while the first is refused: it goes with what would have made its record.
    await device.put(space, [setTitle('long', 'y')]);
    for (const item of items(2, 5000)) await device.put(space, [item]);
    await bulk(device, space, 900, 6000);
    device.offline = false;
    exchanges.length = 0;
    await drain(device);
    expect(new Set(sentClocks()).size).toBe(sentClocks().length);
    const status = await device.engine.status();
    expect(status).toMatchObject({ pending: 0, setAside: expect.any(Number) });
    expect(status.setAside).toBeGreaterThan(0);
    expect((await device.table('_aside').toArray()).map(({ code }) => code)).toContain('too_large');
    await expectAllThere(device, await another(token), space);
    expect((await device.rows('items')).has('i6899')).toBe(true);
    expect((await device.rows('items')).has('long')).toBe(false);
  });

  it('[DR72] go to a server that knows nothing of that, which answers with ops', async () => {
    const { fetched, meddle, sentClocks } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    meddle.ask = ({ acksOnly: _, have: __, ...asked }) => asked;
    device.offline = true;
    await bulk(device, space, 1300);
    device.offline = false;
    await drain(device);
    expect(new Set(sentClocks()).size).toBe(1301);
    await expectAllThere(device, await another(token), space);
  });

  it('[DR74] that a server names and has otherwise are asked for whole', async () => {
    const { fetched, meddle, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    device.offline = true;
    await bulk(device, space, 700);
    device.offline = false;
    meddle.tell = (told, { have }) =>
      have ? { ...told, ops: told.ops.map((op) => ({ ...op, at: op.at - 1 })) } : told;
    await drain(device);
    await drain(device);
    expect(exchanges.at(-1)?.asked.have).toBeUndefined();
    await expectAllThere(device, await another(token), space);
  });

  it('[DR72] leave what is written and typed meanwhile its order', async () => {
    const { fetched, meddle, sentClocks, exchanges } = wire();
    const { device, token, space } = await joined({ fetch: fetched });
    device.offline = true;
    await bulk(device, space, 1200);
    device.offline = false;
    exchanges.length = 0;
    let isWritten = false;
    meddle.before = async () => {
      if (isWritten) return;
      isWritten = true;
      // Not awaited to its end: what it sets off waits for this very drain.
      await device.engine.handle({
        v: 1,
        type: 'write',
        ops: [{ space, do: [setTitle('i7', 'while it is sent')] }],
        seen: {},
      } as never);
    };
    await drain(device);
    await drain(device);
    expect(sentClocks()).toEqual(seqs(1201).map((clock) => clock + 1));
    await expectAllThere(device, await another(token), space);
    expect((await device.rows('items')).get('i7')).toMatchObject({ title: 'while it is sent' });
  });
});
