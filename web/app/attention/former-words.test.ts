import { describe, expect, it } from 'vitest';
import type { FormerChange, FormerRecord } from '../../lib/index.ts';
import { bringBackLabel, formerStory, formerTitle } from './former-words.ts';

const record = (fields: Partial<FormerRecord>): FormerRecord => ({
  space: 'camp' as FormerRecord['space'],
  history: 0,
  collection: 'items',
  id: 'tent',
  fields: { title: 'Tent', note: 'blue', done: true, order: 'a0' },
  isThere: false,
  missing: [{ kind: 'new', at: 1 }],
  at: 1,
  ...fields,
});

describe('[AP25] what a restored server has lost', () => {
  it('is told as what it was', () => {
    expect(formerTitle(record({}))).toBe('Item “Tent”');
    expect(formerStory(record({}))).toBe(
      'The server has it no more. It had: note “blue”, checked.',
    );
    expect(formerStory(record({ fields: { title: 'Tent', done: false } }))).toBe(
      'The server has it no more.',
    );
    expect(bringBackLabel(record({}))).toBe('Bring it back');
  });

  it.each<[FormerChange, string]>([
    [{ kind: 'put', field: 'title', value: 'Big tent', at: 1 }, 'title “Big tent”'],
    [{ kind: 'put', field: 'done', value: true, at: 1 }, 'checked'],
    [{ kind: 'add', field: 'tags', value: 'red', at: 1 }, '“red” in tags'],
    [{ kind: 'remove', field: 'tags', value: 'red', at: 1 }, 'the removal of “red” from tags'],
    [{ kind: 'increment', field: 'packed', amount: 2, at: 1 }, '2 of packed'],
    [{ kind: 'append', field: 'log', entry: 'bought', at: 1 }, '“bought” in log'],
  ])('of a record that is there names what it lacks: %j', (change, words) => {
    expect(formerStory(record({ isThere: true, missing: [change] }))).toBe(
      `The server has it without: ${words}.`,
    );
  });

  it('that was deleted can be deleted again', () => {
    const undeleted = record({ fields: null, isThere: true, missing: [{ kind: 'delete', at: 1 }] });
    expect(formerTitle(undeleted, 'Tent now')).toBe('Item “Tent now”');
    expect(formerStory(undeleted)).toBe('It was deleted, and is there again.');
    expect(bringBackLabel(undeleted)).toBe('Delete it again');
  });
});
