import { describe, expect, it } from 'vitest';
import { configAfter, redrawn, type AppConfig } from './app-config.ts';

type KindsOf = NonNullable<AppConfig['collections'][string]['kinds']>;

const config = (version: number, kinds?: KindsOf): AppConfig => ({
  name: 'lists',
  version,
  collections: { items: { indexes: [], ...(kinds && { kinds }) } },
});

describe('the config that a host works by', () => {
  it('[FO41] has the kinds of the newer version, whichever page spoke last', () => {
    const [older, newer] = [config(1, { tags: 'journal' }), config(2, { tags: 'set' })];
    expect(configAfter(older, newer)).toEqual(newer);
    expect(configAfter(newer, older)).toEqual(newer);
    expect(configAfter(newer, config(3))).toEqual(config(3));
  });

  it('[FO41] has other kinds for the collections whose rows are to be drawn anew', () => {
    const [none, set] = [config(1), config(2, { tags: 'set', packed: 'counter' })];
    expect(redrawn(none, set)).toEqual(['items']);
    expect(redrawn(set, none)).toEqual(['items']);
    expect(redrawn(set, config(3, { packed: 'counter', tags: 'set' }))).toEqual([]);
    expect(redrawn(undefined, set)).toEqual([]);
    expect(redrawn(none, { ...set, name: 'other' })).toEqual([]);
  });

  it('[HO60] has collections that there was no table for, to be looked for among what is hidden', () => {
    const [none, items] = [{ ...config(1), collections: {} }, config(2)];
    expect(redrawn(none, items)).toEqual(['items']);
    expect(redrawn(items, configAfter(items, none))).toEqual([]);
  });

  it('[HO61] has another registry, whose records nobody has asked for spaces', () => {
    const [none, items] = [config(1), { ...config(2), registry: 'items' }];
    expect(redrawn(none, items)).toEqual(['items']);
    expect(redrawn(items, { ...items, version: 3 })).toEqual([]);
    expect(redrawn(items, config(3))).toEqual([]);
  });
});
