/** What the engine does when the server says no: nothing blocks, nothing is lost, the status says so. */
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { Device } from './support/device.ts';
import { newItem, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab({ limits: { payloadBytes: 300 } });
const { device } = lab;

const { nextToken } = lab;
const ring = (one: Device, reason: 'visible' | 'poll' = 'visible') =>
  one.ask({ v: 1, type: 'ring', reason });
const outcomes = (one: Device) =>
  one.notices.flatMap((notice) => (notice.type === 'outcomes' ? notice.outcomes : []));

const DAY = 24 * 3_600_000;

/** The server, as if it were `later()` ms from now there too. */
const aging =
  (later: () => number): Fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    if (url.pathname !== '/sync/push') return response;
    const answer = (await response.json()) as { now: number };
    return Response.json({ ...answer, now: answer.now + later() });
  };

describe('refusals', () => {
  it('[AB3] a refused op is set aside with its text, and everything behind it flows', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    a.offline = true;
    const { row } = await a.put(undefined, [newItem('big', 'x'.repeat(400))]);
    await a.put(undefined, [newItem('small', 'Tent')]);
    a.offline = false;
    await ring(a);
    expect(await a.table('_aside').toArray()).toMatchObject([
      { row, code: 'too_large', payload: expect.stringContaining('xxx') },
    ]);
    expect(outcomes(a)).toContainEqual(
      expect.objectContaining({ row, kind: 'refused', code: 'too_large' }),
    );
    expect([...(await a.rows('items')).keys()]).toEqual(['small']);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1, phase: 'idle' });
    expect(await a.table('_outbox').count()).toBe(0);
  });

  it('[AB4] one refused op of a bulk write leaves its neighbours their way', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    const long = 'x'.repeat(400);
    await a.write([
      { do: [newItem('1', 'a')] },
      { do: [newItem('2', long)] },
      { do: [newItem('3', 'c')] },
    ]);
    expect([...(await a.rows('items')).keys()]).toEqual(['1', '3']);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
  });

  it('[AB15] of a write that is refused in part the rest is kept for recovery, and the refusal is told before its end', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    const long = 'x'.repeat(400);
    const fine = Array.from({ length: 500 }, (_, i) => ({ do: [newItem(`${i}`, 'Tent')] }));
    const [early] = await a.write([{ do: [newItem('big', long)] }, ...fine]);
    const [late] = await a.write([...fine, { do: [newItem('big', long)] }]);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 2 });
    const kept = await a.table('_settled').toArray();
    expect(kept).toMatchObject([
      { row: early?.row, seq: 500 },
      { row: late?.row, seq: 1000 },
    ]);
    expect(outcomes(a)).toMatchObject([
      { row: early?.row, kind: 'refused', index: 0 },
      { row: early?.row, kind: 'synced', seq: 500 },
      { row: late?.row, kind: 'refused', index: 500 },
      { row: late?.row, kind: 'synced', seq: 1000 },
    ]);
  });

  it('[AB15] of a write that is partly in the log when its space is closed to it the rest is set aside, and that part kept for recovery', async () => {
    let isClosed = false;
    const a = device({
      async fetch(url, init) {
        const response = await fetch(url, init);
        if (!isClosed || url.pathname !== '/sync/push') return response;
        const answer = (await response.json()) as { spaces: Record<string, object> };
        const closed = { error: { code: 'forbidden' } };
        const spaces = Object.keys(answer.spaces).map((space) => [space, closed]);
        return Response.json({ ...answer, spaces: Object.fromEntries(spaces) });
      },
    });
    await a.connect(lab.server.url, await nextToken());
    a.onNotice(({ type }) => (isClosed ||= type === 'applied'));
    const many = Array.from({ length: 1_200 }, (_, i) => ({ do: [newItem(`${i}`, 'Tent')] }));
    const [first] = await a.write(many);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 200 });
    expect(await a.table('_settled').toArray()).toMatchObject([{ row: first?.row, seq: 1_000 }]);
  });

  it('[AC41] of writes that share a row of the outbox one that is refused leaves the others their way and their outcome', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    a.offline = true;
    // The first is on its way to the disk by itself when the others come.
    const titles = ['Map', 'Tent', 'x'.repeat(400), 'Rope'];
    const [first, ...receipts] = await Promise.all(
      titles.map((title, i) => a.put(undefined, [newItem(`i${i}`, title)])),
    );
    const row = receipts[0]?.row;
    expect(receipts).toMatchObject([0, 1, 2].map((index) => ({ row, index })));
    a.offline = false;
    await ring(a);
    expect(outcomes(a)).toMatchObject([
      { row, index: 1, kind: 'refused', code: 'too_large' },
      { row: first?.row, kind: 'synced' },
      { row, kind: 'synced' },
    ]);
    const asked = await a.ask({ v: 1, type: 'catch-up', rows: [row as number] });
    expect(asked).toMatchObject({
      outcomes: [
        { row, index: 1, kind: 'refused', code: 'too_large' },
        { row, kind: 'synced' },
      ],
    });
    expect([...(await a.rows('items')).keys()]).toEqual(['i0', 'i1', 'i3']);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 1, phase: 'idle' });
  });

  it('[BO1] each try of a person where no server is reached begins the waits anew; those of polls make them longer', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    a.offline = true;
    const attempt = async () => (await a.session.load()).retry?.attempt;
    for (let times = 0; times < 3; times++) {
      await ring(a);
      expect(await attempt()).toBe(1);
    }
    for (const next of [2, 3]) {
      const { retry } = await a.session.load();
      // As if the wait were over.
      if (retry) await a.session.save({ retry: { ...retry, until: retry.since } });
      await ring(a, 'poll');
      expect(await attempt()).toBe(next);
    }
  });

  it('[DR5] a token that no longer counts holds the outbox and counts as no retry; a new one frees it', async () => {
    const a = device();
    const name = lab.nextName();
    await a.connect(lab.server.url, await lab.server.tokenFor(name));
    const [token] = (await lab.server.tokens.list()).slice(-1);
    await lab.server.tokens.revoke(token?.id ?? '');
    await a.put(undefined, [newItem('i1', 'Tent')]);
    expect(await a.engine.status()).toMatchObject({
      phase: 'needs-auth',
      pending: 1,
      waiting: null,
    });
    await ring(a);
    expect((await a.session.load()).retry).toBeUndefined();
    await a.connect(lab.server.url, await lab.server.tokenFor(name));
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[AB5] a read-only token still pulls, and a write is refused before it is taken', async () => {
    const name = lab.nextName();
    const [writer, reader] = [device(), device()];
    await writer.connect(lab.server.url, await lab.server.tokenFor(name));
    await writer.put(undefined, [newItem('i1', 'Tent')]);
    await reader.connect(lab.server.url, await lab.server.tokenFor(name, { readOnly: true }));
    expect((await reader.rows('items')).get('i1')).toMatchObject({ title: 'Tent' });
    await expect(reader.put(undefined, [setTitle('i1', 'Tarp')])).rejects.toThrow('forbidden');
  });

  it('[DR6] a server that asks for patience is asked again only when the time has come, or a person says so', async () => {
    let requests = 0;
    let busy = false;
    let now = Date.now();
    const a = device({
      now: () => now,
      fetch: async (url, init) => {
        if (!busy || url.pathname !== '/sync/push') return fetch(url, init);
        requests++;
        const problem = { status: 503, code: 'overloaded' };
        return Response.json(problem, { status: 503, headers: { 'Retry-After': '30' } });
      },
    });
    await a.connect(lab.server.url, await nextToken());
    busy = true;
    await a.put(undefined, [newItem('i1', 'Tent')]);
    const { phase, waiting } = await a.engine.status();
    expect(phase).toBe('waiting');
    expect(waiting?.until).toBeGreaterThanOrEqual(now + 30_000);
    await ring(a, 'poll');
    // A page that comes to the front says nothing of the server.
    await ring(a, 'visible');
    expect(requests).toBe(1);
    now = (waiting?.until ?? 0) + 1;
    await ring(a, 'poll');
    expect(requests).toBe(2);
    busy = false;
    await a.ask({ v: 1, type: 'sync-now' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, waiting: null });
  });

  it('[DR7] a page of something else on the way counts as no network', async () => {
    let portal = true;
    const a = device({
      fetch: (url, init) =>
        portal && url.pathname === '/sync/push'
          ? Promise.resolve(new Response('<html>Sign in to the hotel</html>'))
          : fetch(url, init),
    });
    await a.connect(lab.server.url, await nextToken());
    await a.put(undefined, [newItem('i1', 'Tent')]);
    expect(await a.engine.status()).toMatchObject({
      phase: 'offline',
      pending: 1,
      waiting: { failure: { kind: 'network', why: 'not-ours' } },
    });
    portal = false;
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[DR8] paused, nothing is sent; resumed, everything is', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    await a.ask({ v: 1, type: 'pause' });
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ phase: 'paused', pending: 1 });
    await a.ask({ v: 1, type: 'resume' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[DR8] a push that fails while it is being paused has sent nothing, and goes again when it is resumed', async () => {
    let fail = false;
    const token = await nextToken();
    const a = device({
      fetch: async (url, init) => {
        if (!fail || url.pathname !== '/sync/push') return fetch(url, init);
        fail = false;
        await a.engine.handle({ v: 1, type: 'pause' });
        throw new TypeError('cut');
      },
    });
    await a.connect(lab.server.url, token);
    fail = true;
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    expect(await a.engine.status()).toMatchObject({ phase: 'paused', pending: 1 });
    a.restart();
    await a.ask({ v: 1, type: 'resume' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    expect((await logsOf(lab.server.url, token)).get(space)).toHaveLength(1);
  });

  it('[DR9] another account’s token is refused, and nothing of this device reaches it', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    const other = await nextToken();
    await expect(a.connect(lab.server.url, other)).rejects.toThrow('wrong_account');
    await a.put(undefined, [newItem('i1', 'Tent')]);
    const b = device();
    await b.connect(lab.server.url, other);
    expect((await b.rows('items')).size).toBe(0);
  });

  it('[DR9] also where the connection was lost and the database was not; its own account’s is taken', async () => {
    const a = device();
    const name = lab.nextName();
    await a.connect(lab.server.url, await lab.server.tokenFor(name));
    await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.session.save({ connection: undefined });
    await expect(a.connect(lab.server.url, await nextToken())).rejects.toThrow('wrong_account');
    await a.connect(lab.server.url, await lab.server.tokenFor(name));
    await a.put(undefined, [setTitle('i1', 'Tarp')]);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
  });

  it('[DR10] while something waits, the bell is rung', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    const before = a.rings();
    a.offline = true;
    await a.put(undefined, [newItem('i1', 'Tent')]);
    expect(a.rings()).toBeGreaterThan(before);
  });

  it('[DR10] not for what is sent within a moment', async () => {
    // Its moments are as long as they are.
    const clock = { now: () => Date.now(), wait: (ms: number) => setTimeout(ms) };
    const a = device({ around: (ports) => ({ ...ports, clock }) });
    await a.connect(lab.server.url, await nextToken());
    await setTimeout(100);
    const before = a.rings();
    await a.put(undefined, [newItem('i1', 'Tent')]);
    expect(await a.engine.status()).toMatchObject({ pending: 0 });
    expect(a.rings()).toBe(before);
  });

  it('[AB20] what is in the log is kept here for the recovery window, and no longer', async () => {
    let later = 0;
    // The server's clock goes with it: by one of the two alone nothing is forgotten.
    const a = device({ now: () => Date.now() + later, fetch: aging(() => later) });
    await a.connect(lab.server.url, await nextToken());
    await a.put(undefined, [newItem('old', 'Tent')]);
    later += 29 * DAY;
    await a.put(undefined, [newItem('i2', 'Map')]);
    expect(await a.table('_settled').count()).toBe(2);
    later += 2 * DAY;
    await a.put(undefined, [newItem('i3', 'Rope')]);
    const kept = (await a.table('_settled').toArray()).map(({ payloads }) => String(payloads));
    expect(kept.join()).not.toContain('Tent');
    expect(kept).toHaveLength(2);
  });

  it.each([365 * DAY, -20 * 365 * DAY])(
    '[AB20] [DR33] all of it is kept, too, where the clock was off by %i ms for a while',
    async (off) => {
      let ahead = 0;
      const a = device({ now: () => Date.now() + ahead });
      await a.connect(lab.server.url, await nextToken());
      for (const title of ['Tent', 'Map', 'Rope']) {
        await a.put(undefined, [newItem(title, title)]);
        ahead = ahead === 0 ? off : 0;
      }
      await a.put(undefined, [newItem('last', 'Stove')]);
      expect(await a.table('_settled').count()).toBe(4);
    },
  );

  it('[DR61] what waits is sent after any time away, however long', async () => {
    let later = 0;
    const token = await nextToken();
    const a = device({ now: () => Date.now() + later });
    await a.connect(lab.server.url, token);
    a.offline = true;
    const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
    await a.write([{ space, do: [newItem('i2', 'Map')] }]);
    later = 3 * 365 * DAY;
    a.restart();
    expect(await a.engine.status()).toMatchObject({ pending: 2, setAside: 0, stalled: true });
    a.offline = false;
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ pending: 0, setAside: 0, stalled: false });
    expect((await logsOf(lab.server.url, token)).get(space)).toHaveLength(2);
  });

  it('[AB20] what was put into the log by a clock that was years ahead is kept from when it is set right', async () => {
    let [ahead, later] = [10 * 365 * DAY, 0];
    const a = device({ now: () => Date.now() + ahead + later, fetch: aging(() => later) });
    await a.connect(lab.server.url, await nextToken());
    await a.put(undefined, [newItem('ahead', 'Tent')]);
    ahead = 0;
    await a.put(undefined, [newItem('i2', 'Map')]);
    expect(await a.table('_settled').count()).toBe(2);
    later = 31 * DAY;
    await a.put(undefined, [newItem('i3', 'Rope')]);
    expect(await a.table('_settled').count()).toBe(1);
  });
});
