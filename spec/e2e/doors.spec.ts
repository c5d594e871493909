/** The worker's two doors: the same requests, the same answers, whichever way they come. */
import type { Page } from '@playwright/test';
import type { HostReply } from '../../core/index.ts';
import { ListsApp } from './pages/lists-app.ts';
import { ask, DOORS, readTable, whenControlled } from './support/ask.ts';
import { expect, test } from './support/fixtures.ts';

const DATABASE = 'offing-lists';
const list = (id: string, title: string) => ({
  kind: 'put',
  collection: 'lists',
  id,
  new: true,
  fields: { title, order: 'a0' },
});

/** A new UUIDv7, as the page library makes them. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

const codeOf = (reply: HostReply) => (reply.type === 'error' ? reply.code : reply.type);
const titles = async (page: Page) =>
  (await readTable(page, DATABASE, 'lists')).map((row) => row['title']);

for (const door of DOORS) {
  test.describe(`the ${door} door`, () => {
    test.beforeEach(async ({ server, page }) => {
      // The app's own page greets the worker: only then does it know whose data it keeps.
      await new ListsApp(page).open(server.url);
      await whenControlled(page);
    });

    test('[HO1] accepts a write durably before it answers', async ({ page }) => {
      const id = newId();
      const { reply, status } = await ask(page, door, {
        v: 1,
        type: 'write',
        ops: [{ do: [list(id, 'Camp')] }],
      });
      expect(reply).toMatchObject({ type: 'accepted', receipts: [{ index: 0 }] });
      if (door === 'fetch') expect(status).toBe(202);
      expect(await titles(page)).toEqual(['Camp']);
      expect(await readTable(page, DATABASE, '_outbox')).toHaveLength(1);
    });

    test('[HO2] says by a code what is wrong with a request, and keeps nothing of it', async ({
      page,
    }) => {
      const deep = JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown;
      const put = (fields: unknown) => ({
        v: 1,
        type: 'write',
        ops: [{ do: [{ ...list(newId(), 'x'), fields }] }],
      });
      const cases: [unknown, string, number][] = [
        [{ v: 1, type: 'dance' }, 'bad_request', 400],
        [{ v: 2, type: 'status' }, 'bad_request', 400],
        ['nonsense', 'bad_request', 400],
        [{ v: 1, type: 'write', ops: [] }, 'bad_request', 400],
        [put('not an object'), 'bad_op', 422],
        [put({ deep }), 'bad_op', 422],
        [put({ title: 'é'.repeat(40_000) }), 'too_large', 413],
        [
          {
            v: 1,
            type: 'write',
            ops: [{ do: [{ kind: 'delete', collection: 'lists', id: 'none' }] }],
          },
          'no_such_record',
          404,
        ],
      ];
      for (const [request, code, httpStatus] of cases) {
        const { reply, status } = await ask(page, door, request);
        expect(codeOf(reply)).toBe(code);
        if (door === 'fetch') expect(status).toBe(httpStatus);
      }
      expect(await titles(page)).toEqual([]);
      expect(await readTable(page, DATABASE, '_outbox')).toEqual([]);
    });

    test('[HO3] tells the status, and what became of rows', async ({ page }) => {
      const written = await ask(page, door, {
        v: 1,
        type: 'write',
        ops: [{ do: [list(newId(), 'Camp')] }],
      });
      const row = written.reply.type === 'accepted' ? written.reply.receipts[0]?.row : undefined;
      const { reply } = await ask(page, door, { v: 1, type: 'catch-up', rows: [row, 999] });
      expect(reply).toMatchObject({
        type: 'caught-up',
        status: { pending: 1, account: null },
        outcomes: [
          { row, kind: 'pending' },
          { row: 999, kind: 'unknown' },
        ],
      });
    });

    test('[HO4] takes a burst of writes in the order in which they came', async ({ page }) => {
      const id = newId();
      const rename = (title: string) => ({
        v: 1,
        type: 'write',
        ops: [{ do: [{ kind: 'put', collection: 'lists', id, fields: { title } }] }],
      });
      await ask(page, door, { v: 1, type: 'write', ops: [{ do: [list(id, '0')] }] });
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => ask(page, door, rename(String(i + 1)))),
      );
      const rows = await readTable(page, DATABASE, '_outbox');
      // Those that were accepted together share a row.
      const payloads = rows.flatMap((row) => row['payloads'] as string[]);
      const inOrder = payloads.map((payload) => /"title":"(\d+)"/.exec(payload)?.[1]);
      expect(await titles(page)).toEqual([inOrder.at(-1)]);
      expect(new Set(inOrder).size).toBe(51);
    });
  });
}

test('[HO5] a request that no worker caught is answered by the server with no_worker', async ({
  server,
  request,
}) => {
  const response = await request.post(`${server.url}/sync/local`, { data: {} });
  expect(response.status()).toBe(409);
  expect(await response.json()).toMatchObject({ code: 'no_worker' });
});
