import { describe, expect, test } from 'vitest';
import { mutationsOf, writesOfChanges, writesOfRow, type Named } from './field-writes.ts';
import {
  add,
  append,
  collection,
  counter,
  increment,
  journal,
  json,
  optional,
  remove,
  set,
  text,
} from './index.ts';

const items: Named = {
  name: 'items',
  def: collection({
    title: text({ conflicts: 'manual' }),
    note: optional(text({ merge: 'latest' })),
    size: text({ resolve: () => 'winner' }),
    tags: set(text()),
    packed: counter(),
    history: journal(json<{ by: string }>()),
  }),
};
const record = { collection: 'items', id: 'i' };
const added = (row: object) => mutationsOf(record, writesOfRow(items, row), true);
const updated = (changes: object) => mutationsOf(record, writesOfChanges(items, changes));

describe('what is written to a record', () => {
  test('[PL25] a new one begins with what its sets, counters and journals are given, as one op', () => {
    const row = {
      title: 'Tent',
      tags: ['a', 'b'],
      packed: 2,
      history: [{ by: 'me' }, { by: 'you' }],
    };
    expect(added(row)).toEqual([
      { kind: 'put', ...record, new: true, fields: { title: 'Tent' }, manual: ['title'] },
      { kind: 'add', ...record, field: 'tags', values: ['a', 'b'] },
      { kind: 'increment', ...record, field: 'packed', by: 2 },
      { kind: 'append', ...record, field: 'history', entry: { by: 'me' } },
      { kind: 'append', ...record, field: 'history', entry: { by: 'you' } },
    ]);
  });

  test('[PL25] nothing is written of what begins empty', () => {
    const put = { kind: 'put', ...record, new: true, fields: {} };
    expect(added({ tags: [], packed: 0, history: [], size: undefined })).toEqual([put]);
    expect(added({})).toEqual([put]);
  });

  test('[PL25] an update says what to do to them, beside what it puts', () => {
    const changes = {
      shade: 'green',
      tags: [add('a'), remove('b')],
      packed: increment(-1),
      history: append({ by: 'me' }),
    };
    expect(updated(changes)).toEqual([
      { kind: 'put', ...record, fields: { shade: 'green' } },
      { kind: 'add', ...record, field: 'tags', values: ['a'] },
      { kind: 'remove', ...record, field: 'tags', values: ['b'] },
      { kind: 'increment', ...record, field: 'packed', by: -1 },
      { kind: 'append', ...record, field: 'history', entry: { by: 'me' } },
    ]);
    expect(updated({ packed: increment() })).toEqual([
      { kind: 'increment', ...record, field: 'packed', by: 1 },
    ]);
    expect(updated({ tags: add() })).toEqual([{ kind: 'put', ...record, fields: {} }]);
  });

  test.each([
    ['a set that is put', { tags: ['a'] }],
    ['a set among values', { tags: [add('a'), 'b'] }],
    ['a counter that is put', { packed: 3 }],
    ['a counter with elements', { packed: add('a') }],
    ['a journal that is counted', { history: increment() }],
    ['a set that is cleared', { tags: null }],
    ['a change of what is put', { title: add('a') }],
    ['changes of what is put', { title: [increment()] }],
    ['a change of a field that the schema does not know', { other: append('a') }],
    ['what only looks like a change', { tags: { of: 'set', steps: [] } }],
  ])('[PL25] refuses %s, and says where', (_what, changes) => {
    const [field] = Object.keys(changes);
    expect(() => updated(changes)).toThrow(
      expect.objectContaining({
        code: 'invalid',
        issues: [{ path: ['items', field], message: expect.any(String) }],
      }),
    );
  });

  test.each([{ tags: 'a' }, { tags: add('a') }, { packed: '2' }, { history: {} }])(
    '[PL25] refuses a row with %j, which begins nothing',
    (row) => {
      expect(() => added(row)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );

  test('[PL26] a put says how its fields merge, and whose conflicts stay open: of what it puts alone', () => {
    expect(updated({ title: 'Tarp', note: 'wet', size: 'XL' })).toEqual([
      {
        kind: 'put',
        ...record,
        fields: { title: 'Tarp', note: 'wet', size: 'XL' },
        latest: ['note'],
        manual: ['title', 'size'],
      },
    ]);
    expect(updated({ note: null })).toEqual([
      { kind: 'put', ...record, fields: { note: null }, latest: ['note'] },
    ]);
  });

  test('[PL25] a field may be called what the language has a word for', () => {
    expect(updated({ constructor: 'a' })).toEqual([
      { kind: 'put', ...record, fields: { constructor: 'a' } },
    ]);
  });
});
