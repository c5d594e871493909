/** Items that somebody else put into a list, by the protocol alone, and how many of them are folded. */
import type { Page } from '@playwright/test';
import { uuid } from '../../support/device.ts';

const OPS_OF_A_PUSH = 500;

export interface ForeignItems {
  readonly url: string;
  readonly token: string;
  readonly space: string;
  readonly count: number;
}

/** Puts new items, `R 1` and so on, into the space: each an op of its own. */
export async function pushItems({ url, token, space, count }: ForeignItems): Promise<void> {
  const actor = uuid();
  for (let sent = 0; sent < count; sent += OPS_OF_A_PUSH) {
    const ops = Array.from({ length: Math.min(OPS_OF_A_PUSH, count - sent) }, (_, i) => {
      const clock = sent + i + 1;
      const fields = { title: `R ${clock}`, done: false, order: 'a0' };
      const put = { kind: 'put', collection: 'items', id: uuid(), new: true, fields };
      return { clock, base: 0, at: Date.now(), payload: JSON.stringify({ do: [put] }) };
    });
    const response = await fetch(`${url}/sync/push`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ spaces: { [space]: { actor, since: 0, ops } } }),
    });
    const answer = await response.text();
    if (!answer.includes(`"acked":${sent + ops.length}`)) throw new Error(answer.slice(0, 500));
  }
}

/** The cursor of a space and how many such items are there, as of one moment. */
export function foldedSoFar(
  page: Page,
  database: string,
  space: string,
): Promise<{ cursor: number; items: number }> {
  return page.evaluate(
    ({ name, list }) =>
      new Promise((done, fail) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('error', () => fail(opening.error ?? new Error('not opened')));
        opening.addEventListener('success', () => {
          const reading = opening.result.transaction(['_spaces', 'items']);
          const row = reading.objectStore('_spaces').get(list);
          const items = reading.objectStore('items').getAll();
          reading.addEventListener('abort', () => fail(reading.error ?? new Error('not read')));
          reading.addEventListener('complete', () => {
            opening.result.close();
            const { cursor } = row.result as { cursor: number };
            const titles = (items.result as { title: string }[]).map(({ title }) => title);
            done({ cursor, items: titles.filter((title) => title.startsWith('R ')).length });
          });
        });
      }),
    { name: database, list: space },
  );
}
