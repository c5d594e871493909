import { describe, expect, it } from 'vitest';
import type { SetAsideOp, SpaceId } from '../../lib/index.ts';
import { textsIn, withTexts } from './edits.ts';
import { setAsideWords, type Names } from './set-aside-words.ts';

const LIST = '01890000-0000-7000-8000-000000000001' as SpaceId;
const names: Names = {
  listTitle: (id) => (id === LIST ? 'Camp' : undefined),
  itemTitle: (id) => (id === 'tent' ? 'Tent' : undefined),
};
const op = (changes: SetAsideOp['do'], code = 'too_large'): SetAsideOp => ({
  row: 1,
  index: 0,
  space: LIST,
  code,
  at: 0,
  do: changes,
});
const put = (id: string, fields: object, isNew = false): SetAsideOp['do'][number] => ({
  kind: 'put',
  collection: 'items',
  id,
  fields: fields as never,
  ...(isNew && { new: true as const }),
});
const TAGS = { collection: 'items', id: 'tent', field: 'tags' } as const;
const resolve = (take: 'loser' | { value: string }): SetAsideOp['do'][number] => ({
  kind: 'resolve',
  take,
  conflict: {
    actor: LIST as never,
    clock: 1 as never,
    collection: 'items',
    id: 'tent',
    field: 'title',
    kind: 'edit-edit',
  },
});
const lines = (changes: SetAsideOp['do']) => setAsideWords(op(changes), names).lines;

describe('a change that was not taken', () => {
  it('[AP17] is told as what it was to do, where, and why not', () => {
    expect(setAsideWords(op([put('new', { title: 'Stove' }, true)]), names)).toEqual({
      lines: ['New item “Stove”'],
      where: 'Camp',
      why: 'It is too long for the server. Shorten it, and send it again.',
      mayHelp: false,
    });
  });

  it.each<[SetAsideOp['do'][number], string]>([
    [put('tent', { title: 'Tarp' }), 'Item “Tent”: title “Tarp”'],
    [put('tent', { note: null, url: 'https://x' }), 'Item “Tent”: no note, link “https://x”'],
    [put('tent', { done: true, order: 'a1' }), 'Item “Tent”: checked, another place'],
    [put('gone', { done: false }), 'Item “no longer here”: unchecked'],
    [{ kind: 'delete', collection: 'items', id: 'tent' }, 'Delete item “Tent”'],
    [{ kind: 'restore', collection: 'lists', id: LIST }, 'Bring back list “Camp”'],
    [{ kind: 'add', ...TAGS, values: ['red', 1] }, 'Item “Tent”: tags with “red”, “1”'],
    [{ kind: 'remove', ...TAGS, values: ['red'] }, 'Item “Tent”: tags without “red”'],
    [{ kind: 'increment', ...TAGS, by: -2 }, 'Item “Tent”: tags less by 2'],
    [{ kind: 'append', ...TAGS, entry: 'bought' }, 'Item “Tent”: “bought” to tags'],
    [resolve('loser'), 'Item “Tent”: a conflict decided'],
    [resolve({ value: 'Both' }), 'Item “Tent”: a conflict decided, for “Both”'],
    [put('tent', { title: 'x'.repeat(500) }), `Item “Tent”: title “${'x'.repeat(119)}…”`],
  ])('[AP17] says of each part what it is: %j', (mutation, line) => {
    expect(lines([mutation])).toEqual([line]);
  });

  it('[AP17] has a line for each of its parts', () => {
    const parts = [put('a', { title: 'A' }, true), put('b', { title: 'B' }, true)];
    expect(lines(parts)).toEqual(['New item “A”', 'New item “B”']);
  });

  it('[AP17] of an unknown reason names the code, and may be sent again', () => {
    const { why, mayHelp } = setAsideWords(op([put('tent', {})], 'bad_op'), names);
    expect(why).toContain('bad_op');
    expect(mayHelp).toBe(true);
  });

  it('[AP17] of one that is back from a failed storage says so, and it may be sent again', () => {
    const { why, mayHelp } = setAsideWords(op([put('tent', {})], 'started_anew'), names);
    expect(why).toContain('begun anew');
    expect(mayHelp).toBe(true);
  });

  it('[AP17] can be mended in its texts, and nothing else of it changes', () => {
    const change = op([
      put('tent', { title: 'Tent', done: true }),
      { kind: 'delete', collection: 'items', id: 'x' },
      put('b', { note: 'long' }),
    ]);
    const texts = textsIn(change);
    expect(texts).toEqual([
      { part: 0, field: 'title', text: 'Tent' },
      { part: 2, field: 'note', text: 'long' },
    ]);
    const mended = withTexts(change, [{ part: 2, field: 'note', text: 'short' }]);
    expect(mended.do).toEqual([change.do[0], change.do[1], put('b', { note: 'short' })]);
    expect(withTexts(change, [])).toEqual(change);
  });
});
