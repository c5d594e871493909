import { describe, expect, test } from 'vitest';
import { BY_GRAVE, databaseVersionOf, storesOf } from '../../core/index.ts';
import {
  bool,
  collection,
  counter,
  journal,
  json,
  optional,
  order,
  ref,
  set,
  text,
} from './index.ts';
import { configOf } from './schema-config.ts';
import type { Collections } from './schema.ts';

const lists = collection({ title: text(), order: order() });
const of = (collections: Collections, name = 'lists') =>
  configOf(name, { version: 1, collections }, (taken) => taken === 'batch');

describe('the config derived from a schema', () => {
  test('[PL2] orders and references are indexed, and what is asked for, each once', () => {
    const items = collection(
      { title: text(), done: bool(), order: order(), parent: optional(ref('items')) },
      { indexes: ['[space+order]', 'order', 'title', 'id'] },
    );
    const config = configOf('lists', {
      version: 3,
      registry: 'lists',
      collections: { lists, items },
    });
    expect(config).toEqual({
      name: 'lists',
      version: 3,
      registry: 'lists',
      collections: {
        lists: { indexes: ['order'] },
        items: { indexes: ['order', 'parent', '[space+order]', 'title'] },
      },
    });
    expect(storesOf(config)['items']).toBe(
      `[space+id], id, ${BY_GRAVE}, order, parent, [space+order], title`,
    );
    expect(databaseVersionOf(config)).toBeGreaterThan(databaseVersionOf({ ...config, version: 2 }));
  });

  test('[PL31] the kinds of sets, counters and journals are told, and of no others', () => {
    const packs = collection({
      title: text(),
      tags: set(text()),
      packed: counter(),
      history: journal(json()),
    });
    expect(of({ lists, packs }).collections).toEqual({
      lists: { indexes: ['order'] },
      packs: { indexes: [], kinds: { tags: 'set', packed: 'counter', history: 'journal' } },
    });
  });

  test.each([
    ['an optional set', { lists: collection({ tags: optional(set(text()) as never) }) }],
    ['a set of sets', { lists: collection({ tags: set(set(text()) as never) }) }],
    [
      'a journal of what may be absent',
      { lists: collection({ log: journal(optional(text()) as never) }) },
    ],
    [
      'a set whose elements have conflicts',
      { lists: collection({ tags: set(text({ conflicts: 'manual' })) }) },
    ],
    ['a set of references to nowhere', { items: collection({ of: set(ref('lists')) }) }],
    ['a reserved field', { lists: collection({ space: text() }) }],
    ["the layer's own member", { lists: collection({ $: text() }) }],
    ['a collection with an odd name', { 'my lists': lists }],
    ["a collection with the name of a table of the layer's own", { _outbox: lists }],
    ['a collection with the name of a member of the database', { batch: lists }],
    [
      'an index on no field',
      { lists: collection({ title: text() }, { indexes: ['[space+order]'] }) },
    ],
    ['an index on a bool', { lists: collection({ done: bool() }, { indexes: ['done'] }) }],
    ['a unique index', { lists: collection({ title: text() }, { indexes: ['&title'] }) }],
    ['a reference to nowhere', { items: collection({ list: ref('lists') }) }],
  ])('[PL2] refuses %s', (_what, collections) => {
    expect(() => of(collections)).toThrow(expect.objectContaining({ code: 'bad_schema' }));
  });

  test('[PL2] refuses a bad name, version or registry', () => {
    const bad = expect.objectContaining({ name: 'OffingError', code: 'bad_schema' });
    expect(() => of({ lists }, 'my lists')).toThrow(bad);
    expect(() => configOf('a', { version: 0, collections: { lists } })).toThrow(bad);
    expect(() => configOf('a', { version: 1, registry: 'list', collections: { lists } })).toThrow(
      bad,
    );
  });

  test('[PL2] several values of one field may be indexed', () => {
    const tagged = collection({ tags: json<string[]>() }, { indexes: ['*tags'] });
    expect(of({ tagged }).collections['tagged']?.indexes).toEqual(['*tags']);
  });
});
