/** Speaks to a page's worker through either door, without the page library: the doors' own contract. */
import type { Page } from '@playwright/test';
import type { HostReply, Status } from '../../../core/index.ts';

export const DOORS = ['port', 'fetch'] as const;
export type Door = (typeof DOORS)[number];

/** Sends any value to the worker and returns its reply, with the HTTP status where there is one. */
export function ask(
  page: Page,
  door: Door,
  request: unknown,
): Promise<{ reply: HostReply; status?: number }> {
  return page.evaluate(
    async ({ by, body }) => {
      const registration = await navigator.serviceWorker.ready;
      if (by === 'fetch') {
        const response = await fetch('/sync/local', { method: 'POST', body: JSON.stringify(body) });
        const answer = (await response.json()) as HostReply & { code?: string };
        const reply = response.ok ? answer : { ...answer, type: 'error' };
        return { reply: reply as HostReply, status: response.status };
      }
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<HostReply>((done) => {
        port1.addEventListener('message', (event: MessageEvent<HostReply>) => done(event.data));
        port1.start();
      });
      registration.active?.postMessage(body, [port2]);
      return { reply: await answer };
    },
    { by: door, body: request },
  );
}

/** What the page's worker says of itself. */
export async function statusOf(page: Page): Promise<Status> {
  const { reply } = await ask(page, 'port', { v: 1, type: 'status' });
  if (reply.type !== 'ok') throw new Error(`no status but ${JSON.stringify(reply)}`);
  return reply.status;
}

/** Until the page's worker is active and controls it, which the fetch door needs. */
export async function whenControlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** The rows of a table of the device's database, as a page's own code reads them; a Map as its entries. */
export function readTable(
  page: Page,
  database: string,
  table: string,
): Promise<Record<string, unknown>[]> {
  return page.evaluate(
    ({ name, store }) =>
      new Promise<Record<string, unknown>[]>((done, fail) => {
        const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value);
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => fail(opening.error ?? new Error('not opened')));
        opening.addEventListener('success', () => {
          const reading = opening.result.transaction(store).objectStore(store).getAll();
          reading.addEventListener('error', () => fail(reading.error ?? new Error('not read')));
          reading.addEventListener('success', () => {
            opening.result.close();
            done(JSON.parse(JSON.stringify(reading.result, plain)) as Record<string, unknown>[]);
          });
        });
      }),
    { name: database, store: table },
  );
}
