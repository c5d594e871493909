/** Fields that are no registers, as an app reads them from its tables. */
import { describe, expect, it } from 'vitest';
import { newItem, listsConfig } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';

const lab = openLab();
const field = { collection: 'items', id: 'i1', field: 'tags' } as const;
const PARTS = [
  newItem('i1', 'Tent'),
  { kind: 'add', ...field, values: ['red', 'big'] },
  { kind: 'increment', ...field, by: 2 },
  { kind: 'append', ...field, entry: 'packed' },
] as const;

describe('a field of an app’s table', () => {
  it.each([
    ['set', ['red', 'big']],
    ['counter', 2],
    ['journal', ['packed']],
    [undefined, ['red', 'big']],
  ] as const)('[FO41] of which the schema says %s shows %j', async (kind, shown) => {
    const { items } = listsConfig.collections;
    const collections = {
      ...listsConfig.collections,
      items: { indexes: items?.indexes ?? [], ...(kind && { kinds: { tags: kind } }) },
    };
    const one = lab.device({ config: { ...listsConfig, collections } });
    await one.put(undefined, PARTS);
    expect((await one.rows('items')).get('i1')).toMatchObject({ title: 'Tent', tags: shown });
    await one.connect(lab.server.url, await lab.nextToken());
    await one.ask({ v: 1, type: 'ring', reason: 'visible' });
    expect((await one.rows('items')).get('i1')).toMatchObject({ title: 'Tent', tags: shown });
    expect(await one.table('_outbox').count()).toBe(0);
  });
});
