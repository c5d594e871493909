/** What a device meets that nobody meant well: poison in the log, bad moments, a clock set back. */
import { randomBytes } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { asClock, asSeq, type MutationJson, type SpaceId } from '../core/index.ts';
import { uuid, type Device, type DeviceOptions } from './support/device.ts';
import { listsConfig, newItem, newList } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const device = (options: Partial<DeviceOptions> = {}) => lab.device({ listens: false, ...options });

const { nextToken } = lab;
const ring = (one: Device, reason: 'visible' | 'poll' = 'visible') =>
  one.ask({ v: 1, type: 'ring', reason });

describe('a write that cannot be', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];

  it.each([
    ['a big number', 1n],
    ['a cycle', cycle],
    ['endless depth', deep],
  ])(
    '[AC17] a value that is no JSON is refused by a code, and disturbs nobody: %s',
    async (_, title) => {
      const a = device();
      const write = (item: MutationJson) =>
        a.ask({ v: 1, type: 'write', ops: [{ do: [item] }], seen: {} });
      const [bad, good] = await Promise.all([
        write(newItem('bad', title as string)),
        write(newItem('good', 'Tent')),
      ]);
      expect(bad).toMatchObject({ type: 'error', code: 'bad_op' });
      expect(good).toMatchObject({ type: 'accepted' });
      expect([...(await a.rows('items')).keys()]).toEqual(['good']);
    },
  );
});

describe('holding back and trying again', () => {
  it('[DR20] a refusal of a token that was replaced meanwhile does not hold the new one', async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let hold = false;
    const name = lab.nextName();
    const a = device({
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (hold && url.pathname === '/sync/push') {
          hold = false;
          await answered;
        }
        return response;
      },
    });
    await a.connect(lab.server.url, await lab.server.tokenFor(name));
    const [token] = (await lab.server.tokens.list()).slice(-1);
    await lab.server.tokens.revoke(token?.id ?? '');
    hold = true;
    const slow = ring(a);
    await vi.waitFor(() => expect(hold).toBe(false));
    const other = await lab.server.tokenFor(name);
    const connected = a.connect(lab.server.url, other);
    await vi.waitFor(async () =>
      expect((await a.session.load()).connection).toMatchObject({ token: other }),
    );
    answer();
    await Promise.all([slow, connected]);
    await a.put(undefined, [newItem('i', 'Tent')]);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[DR21] a clock that is set back lengthens no wait', async () => {
    let now = Date.now();
    const a = device({ now: () => now });
    await a.connect(lab.server.url, await nextToken());
    a.offline = true;
    await a.put(undefined, [newItem('i', 'Tent')]);
    a.offline = false;
    now -= 24 * 3600_000;
    await ring(a, 'poll');
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });

  it('[DR22] many spaces beside a full outbox still make a request that the server takes', async () => {
    const a = device();
    await a.connect(lab.server.url, await nextToken());
    a.offline = true;
    const lists = Array.from({ length: 900 }, () => uuid() as SpaceId);
    await a.write(lists.map((list) => ({ do: [newList(list, 'L')] })));
    const text = randomBytes(20_000).toString('base64');
    await a.write(Array.from({ length: 100 }, (_, i) => ({ do: [newItem(`i${i}`, text)] })));
    a.offline = false;
    await ring(a);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, waiting: null });
  }, 60_000);
});

describe('poison in the log', () => {
  const item = (fields: string, id = 'i') =>
    `{"do":[{"kind":"put","collection":"items","id":${JSON.stringify(id)},"new":true,"fields":${fields}}]}`;
  const of = (collection: string) =>
    `{"do":[{"kind":"put","collection":"${collection}","id":"__proto__","new":true,"fields":{"a":1}}]}`;
  const POISON = [
    'not JSON',
    '{}',
    '{"do":[]}',
    '[]',
    'null',
    '['.repeat(30_000),
    `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    item(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`),
    item('{"a":1e999}'),
    item('{"__proto__":{"polluted":1},"constructor":1,"hasOwnProperty":2}', 'proto'),
    item('{"space":"elsewhere","id":"other","$":{"pending":[{"row":1,"index":0}]}}', 'own names'),
    item('{"order":{"not":"a key"},"title":[1,{"a":null}]}', 'index'),
    item('{"title":-0}', '\ufffd'),
    item('{"title":"x"}', 'x'.repeat(60_000)),
    ...['_outbox', '_spaces', '__proto__', 'constructor', 'items/../x'].map(of),
    '{"do":[{"kind":"increment","collection":"items","id":"i","field":"n","by":1}]}',
    '{"do":[{"kind":"put","collection":"lists","id":"not-a-space","new":true,"fields":{}}]}',
    `{"do":[${'{"kind":"delete","collection":"items","id":"d"},'.repeat(1200).slice(0, -1)}]}`,
    '{"do":[{"kind":"delete","collection":"items","id":"i"}],"was":"nobody"}',
  ];

  it('[AB14] an op that says nothing known or claims the layer’s own names blocks nothing: it is noted as malformed, hidden, or an ordinary record', async () => {
    const a = device();
    const token = await nextToken();
    await a.connect(lab.server.url, token);
    const home = (await a.put(undefined, [newItem('first', 'Tent')])).space;
    const ops = POISON.map((payload, i) => ({
      clock: asClock(i + 1),
      base: asSeq(0),
      at: 0,
      v: 1,
      payload,
    }));
    const pushed = await fetch(new URL('/sync/push', lab.server.url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ spaces: { [home]: { actor: uuid(), since: 0, ops } } }),
    });
    expect(await pushed.json()).toMatchObject({ spaces: { [home]: { acked: POISON.length } } });
    await ring(a);
    await a.put(home, [newItem('last', 'Tarp')]);
    const status = await a.engine.status();
    expect(status).toMatchObject({ phase: 'idle', pending: 0, behind: 0, trouble: null });
    const rows = await a.rows('items');
    expect(rows.get('last')).toMatchObject({ title: 'Tarp' });
    expect(rows.get('own names')).toMatchObject({ space: home, id: 'own names' });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(await a.table('_outbox').count()).toBe(0);
    const malformed = (await a.table('_malformed').toArray()).map(({ seq }) => seq as number);
    expect(malformed).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 21, 24]);
    const buried = (await a.table('_hidden').toArray()).map((row) => row.collection as string);
    expect(buried).toEqual(expect.arrayContaining(['_outbox', '_spaces', '__proto__']));
  });
});

describe('an app of two versions', () => {
  const older = listsConfig;
  const newer = {
    ...listsConfig,
    version: 2,
    collections: { ...listsConfig.collections, notes: { indexes: [] } },
  };
  const without = { ...listsConfig, version: 3 };
  const note = (title: string): MutationJson => ({
    kind: 'put',
    collection: 'notes',
    id: 'n',
    fields: { title },
  });

  it.each([
    ['a page of the older version greets', older],
    ['a version without one of the collections comes', without],
  ])('[HO7] records stay where they are kept when %s', async (_, greeting) => {
    const [a, b] = [device({ config: newer }), device({ config: newer })];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const { space } = await a.put(undefined, [{ ...note('one'), new: true } as MutationJson]);
    await ring(b);
    await b.ask({ v: 1, type: 'hello', config: greeting });
    await a.put(space, [note('two')]);
    await ring(b);
    expect((await b.rows('notes')).get('n')).toMatchObject({ title: 'two' });
    expect(await b.table('_conflicts').count()).toBe(0);
    expect(await b.engine.status()).toMatchObject({ phase: 'idle', trouble: null });
  });

  it('[HO60] what came before the app had a collection for it is there once it has, edits and deletions included', async () => {
    const disk = new IDBFactory();
    const [a, b] = [device({ config: newer }), device({ config: older, indexedDB: disk })];
    const token = await nextToken();
    for (const one of [a, b]) await one.connect(lab.server.url, token);
    const named = (id: string, title: string): MutationJson =>
      ({ ...note(title), id, new: true }) as MutationJson;
    const { space } = await a.put(undefined, [named('n', 'one'), named('gone', 'two')]);
    await ring(b);
    await a.put(space, [note('edited'), { kind: 'delete', collection: 'notes', id: 'gone' }]);
    await ring(b);
    expect(await b.engine.status()).toMatchObject({ phase: 'idle', behind: 0 });
    b.close();

    const updated = device({ config: newer, indexedDB: disk });
    await updated.session.save(await b.session.load());
    updated.offline = true;
    await updated.ask({ v: 1, type: 'hello', config: newer });
    expect(await updated.rows('notes')).toEqual(await a.rows('notes'));
    await updated.put(space, [note('written here')]);
    updated.offline = false;
    for (const one of [updated, a]) await ring(one);
    expect((await a.rows('notes')).get('n')).toMatchObject({ title: 'written here' });
    expect(await a.table('_conflicts').count()).toBe(0);
    const logs = await logsOf(lab.server.url, token);
    expect(faultsOf(await readReplica(updated, ['lists', 'items', 'notes']), logs)).toEqual([]);
  });
});
