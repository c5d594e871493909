import { describe, expect, it } from 'vitest';
import type { Conflict, ConflictSide } from '../../lib/index.ts';
import {
  byWords,
  deletionStory,
  deletionTitle,
  fieldChoiceTitle,
  valueWords,
} from './choice-words.ts';
import {
  choicesOf,
  placeless,
  rulingOf,
  verdictFor,
  type Choice,
  type DeletionChoice,
  type FieldChoice,
} from './choices.ts';

let keys = 0;
const side = (values: ConflictSide['values'], mine: boolean, at = 1): ConflictSide => ({
  values,
  changes: [],
  mine,
  at,
});
function conflict(fields: Partial<Conflict>): Conflict {
  return {
    key: `${keys++}` as Conflict['key'],
    space: 'camp' as Conflict['space'],
    collection: 'items',
    id: 'tent',
    field: 'title',
    kind: 'edit-edit',
    open: true,
    winner: side({ title: 'Tarp' }, false, 20),
    loser: side({ title: 'Big tent' }, true, 10),
    ...fields,
  };
}
const deletion = (fields: Partial<Conflict> = {}) =>
  conflict({
    field: null,
    kind: 'edit-delete',
    winner: side(null, false, 20),
    loser: side({ note: 'blue', done: true }, true, 10),
    ...fields,
  });
const showing =
  (row: Record<string, unknown> | undefined = { title: 'Tarp' }) =>
  () =>
    row;
const only = (conflicts: readonly Conflict[], row?: Record<string, unknown>): Choice => {
  const choices = choicesOf(conflicts, showing(row));
  expect(choices).toHaveLength(1);
  return choices[0] as Choice;
};
const onlyField = (...args: Parameters<typeof only>) => only(...args) as FieldChoice;
const when = (at: number) => `12:${at}`;

describe('[AP9] what open conflicts ask of a person', () => {
  it('is one choice for each field of each record, and one for each deleted record', () => {
    const all = [
      conflict({}),
      conflict({ field: 'note' }),
      conflict({ id: 'map' }),
      conflict({ space: 'home' as Conflict['space'] }),
      deletion(),
      conflict({}),
    ];
    expect(choicesOf(all, showing()).map(({ conflicts }) => conflicts.length)).toEqual([
      2, 1, 1, 1, 1,
    ]);
  });

  it('of a field it has what is shown now, by whom, and each other text once, the newest first', () => {
    const others = [
      conflict({ loser: side({ title: 'first' }, true, 1) }),
      conflict({ loser: side({ title: 'second' }, false, 2) }),
      conflict({ loser: side({ title: 'first' }, true, 3) }),
      conflict({ loser: side({ title: 'Tarp' }, true, 4) }),
    ];
    const choice = onlyField(others);
    expect(choice).toMatchObject({ now: 'Tarp', nowBy: { mine: false, at: 20 } });
    expect(choice.others.map(({ value, at }) => [value, at])).toEqual([
      ['first', 3],
      ['second', 2],
    ]);
  });

  it('says when the field was written since, by someone who knew', () => {
    expect(onlyField([conflict({})], { title: 'Third' }).nowBy).toBeNull();
  });

  it('takes a cleared note for what it is: nothing', () => {
    const cleared = conflict({
      field: 'note',
      winner: side({ note: null }, false),
      loser: side({ note: 'blue' }, true),
    });
    const choice = onlyField([cleared], {});
    expect([choice.now, choice.nowBy?.mine, choice.others.length]).toEqual([undefined, false, 1]);
    expect(valueWords('note', choice.now)).toBe('No note');
  });

  it('of a deletion it has the last word on each field', () => {
    const later = deletion({ loser: side({ note: 'red', order: 'a1' }, true, 30) });
    const choice = only([deletion(), later], undefined) as DeletionChoice;
    expect(choice.values).toEqual({ note: 'red', done: true, order: 'a1' });
    expect(placeless(choice)).toEqual({ note: 'red', done: true });
  });
});

describe('[AP9] a decision', () => {
  const takes = (choice: Choice, verdict: Parameters<typeof rulingOf>[1]) =>
    rulingOf(choice, verdict).map(({ conflict: { key }, take }) => [key, take]);

  it('for what is shown closes all of them', () => {
    const all = [conflict({}), conflict({})];
    expect(takes(only(all), 'now')).toEqual(all.map(({ key }) => [key, 'winner']));
  });

  it('for another text takes that last, so that it stands', () => {
    const [first, second] = [conflict({}), conflict({ loser: side({ title: 'x' }, false) })];
    const choice = onlyField([first, second]);
    const other = choice.others.find(({ value }) => value === 'Big tent');
    if (!other) throw new Error('no such text');
    expect(takes(choice, other)).toEqual([
      [second.key, 'winner'],
      [first.key, 'loser'],
    ]);
    expect(takes(choice, { typed: 'both' })).toEqual([
      [first.key, 'winner'],
      [second.key, { value: 'both' }],
    ]);
  });

  it('for what was deleted brings back all that was written to it, the latest last', () => {
    const all = [deletion(), deletion()];
    expect(takes(only(all), 'brought-back')).toEqual(all.map(({ key }) => [key, 'loser']));
  });
});

describe('[AP20] a decision for many', () => {
  const mine = conflict({});
  const theirs = conflict({
    winner: side({ title: 'Tarp' }, true),
    loser: side({ title: 'Big tent' }, false),
  });

  it('takes what this device wrote, or what the others did, whichever is shown', () => {
    for (const one of [mine, theirs]) {
      const choice = onlyField([one]);
      expect(verdictFor(choice, !choice.nowBy?.mine)).toBe(choice.others[0]);
      expect(verdictFor(choice, choice.nowBy?.mine === true)).toBe('now');
    }
    expect(verdictFor(only([deletion()], undefined), true)).toBe('brought-back');
    expect(verdictFor(only([deletion()], undefined), false)).toBe('now');
  });

  it('leaves alone what neither side of is meant, and what was written since', () => {
    const strangers = conflict({ loser: side({ title: 'Big tent' }, false) });
    expect(verdictFor(only([strangers]), true)).toBeNull();
    const both = deletion({ loser: side({ note: 'blue' }, false) });
    expect([true, false].map((one) => verdictFor(only([both], undefined), one))).toEqual([
      null,
      null,
    ]);
    const since = only([mine], { title: 'Third' });
    expect([true, false].map((one) => verdictFor(since, one))).toEqual(['now', 'now']);
  });
});

describe('[AP9] in words', () => {
  it('says which item, which field, and whose each text is', () => {
    expect(fieldChoiceTitle(onlyField([conflict({})]), 'Tent')).toBe('Title of an item');
    expect(fieldChoiceTitle(onlyField([conflict({ field: 'url' })]), 'Tent')).toBe(
      'Link of item “Tent”',
    );
    expect(byWords({ mine: true, at: 10 }, when)).toBe('This device, 12:10');
    expect(byWords({ mine: false, at: null }, when)).toBe('Another device');
    expect(byWords(null, when)).toMatch(/^Changed since/);
  });

  it('tells of a deletion who deleted, and what who wrote', () => {
    const choice = only([deletion()], undefined) as DeletionChoice;
    expect(deletionTitle(choice, 'Tent', null)).toBe('Item “Tent”: deleted, and written to');
    expect(deletionStory(choice, when, null)).toBe(
      'Another device deleted it (12:20); this device wrote (12:10): note “blue”, checked.',
    );
    expect(deletionTitle(choice, 'Tent', 'Home')).toBe('Item “Tent”: moved away, and written to');
    expect(deletionStory(choice, when, 'Home')).toMatch(/^Another device moved it to “Home” \(/);
  });
});
