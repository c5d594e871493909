import { describe, expect, it } from 'vitest';
import {
  actorOf,
  add,
  append,
  del,
  increment,
  log,
  make,
  op,
  opOf,
  put,
  resolve,
} from '../spec/support/ops.ts';
import { linesOf, readLines, readText, snapshotOf, textOf } from '../spec/support/snapshots.ts';
import { canonicalWorld } from '../spec/support/world.ts';
import { createSnapshotReader } from './read-snapshot.ts';

/** One of each: an edit that lost, a deletion that did, an op that says nothing, an odd name. */
const OPS = log(
  op('A:1', make('r', { title: 'Tent', size: 2 })),
  op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
  op('A:2', put('r', { title: 'Hut' }), { base: 1, at: 7 }),
  op('B:2', del('r'), { base: 2 }),
  opOf('C:1', '{}'),
  op('C:2', make('__proto__/constructor', JSON.parse('{"__proto__":{"__proto__":[null]}}'))),
);
const SOURCE = snapshotOf(OPS);
const LINES = linesOf(SOURCE);

const lineOf = (kind: string): string =>
  LINES.find((line) => line.startsWith(`{"kind":"${kind}"`)) ?? '';

describe('the lines of a snapshot', () => {
  it('[WI30] are a header that counts them, and one for each thing', () => {
    const kinds = LINES.slice(1).map((line) => (JSON.parse(line) as { kind: string }).kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    const [header = '', ...rest] = LINES;
    expect(JSON.parse(header)).toEqual({
      ...SOURCE.header,
      actors: count('actor'),
      records: count('record'),
      conflicts: count('conflict'),
      malformed: count('malformed'),
      bytes: new TextEncoder().encode(rest.map((line) => `${line}\n`).join('')).length,
    });
    expect([...new Set(kinds)]).toEqual(['actor', 'record', 'conflict', 'malformed']);
  });

  it('[WI30] name an op once, however much of a record it wrote', () => {
    const [, , , , record = ''] = LINES;
    const [a, b] = [actorOf('A'), actorOf('B')];
    expect(JSON.parse(record)).toEqual({
      kind: 'record',
      collection: 'items',
      id: 'r',
      ops: [
        [1, 0, a, 1],
        [3, 7, a, 2],
        [4, 0, b, 2],
      ],
      born: [0],
      fields: [
        ['title', 'Hut', 1],
        ['size', 2, 0],
      ],
      grave: 2,
    });
  });

  it('[WI30] carry names that mean something to the language', () => {
    const read = readLines(LINES);
    if (!read.ok) throw new Error(read.fault);
    expect(canonicalWorld(read.snapshot)).toBe(canonicalWorld(SOURCE));
    const odd = [...read.snapshot.records.values()].find(({ id }) => id === 'constructor');
    expect(odd?.collection).toBe('__proto__');
    expect(JSON.stringify(odd?.fields.get('__proto__')?.value)).toBe('{"__proto__":[null]}');
  });

  it('[WI30] are single lines of valid UTF-8, whatever text they hold', () => {
    const text = '\ud800 \udc00 \u0000 \r\n \u2028 \ufeff 𝄞';
    const source = snapshotOf(log(op('A:1', make(text, { [text]: text }))));
    const sent = new TextEncoder().encode(textOf(source));
    const read = readText(new TextDecoder('utf-8', { fatal: true }).decode(sent));
    if (!read.ok) throw new Error(read.fault);
    expect(canonicalWorld(read.snapshot)).toBe(canonicalWorld(source));
    expect([...read.snapshot.records.values()][0]).toMatchObject({ id: text });
  });

  it('[WI30] may have members that are not known, and a header without the newer counts', () => {
    const more = LINES.map((line) => line.replace('{', '{"__proto__":{},"later":[[]],'));
    expect(readLines(more)).toEqual(readLines(LINES));
    const [header = ''] = linesOf(snapshotOf([]));
    const { conflicts: _, malformed: __, ...former } = JSON.parse(header) as Record<string, number>;
    const read = readLines([JSON.stringify(former)]);
    expect(read).toMatchObject({ ok: true, snapshot: { header: { conflicts: 0, malformed: 0 } } });
  });

  it('[WI30] may name malformed ops in any order, and they are read in the order of the log', () => {
    const source = snapshotOf(log(opOf('A:1', '1'), opOf('A:2', '2'), opOf('B:1', '3')));
    const [header = '', ...rest] = linesOf(source);
    const read = readLines([header, ...rest.reverse()]);
    expect(read).toMatchObject({ ok: true, snapshot: { malformed: source.malformed } });
  });
});

/** All that grammar 2 adds: values of each kind, a conflict closed, one with changes, one of two resolves. */
const OPS_2 = log(
  op('A:1', [make('r', { title: 'Tent' }), make('s')]),
  op('B:1', put('r', { title: 'Tarp' }), { base: 1 }),
  op('C:1', put('r', { title: 'Pole' }, { manual: ['title'] }), { base: 1 }),
  op('A:2', [add('r', 'tags', 'red'), increment('r', 'packed', 2), append('r', 'history', null)]),
  op('A:3', del('s')),
  op('B:2', increment('s', 'packed', 3)),
  op('C:2', [resolve('C:1 edit-edit r.title', 'loser'), resolve('B:2 edit-delete s', 'loser')]),
  op('B:3', resolve('C:1 edit-edit r.title', { value: 'Hut' }), { base: 6 }),
);
const LINES_2 = linesOf(snapshotOf(OPS_2));
const HEADER_2 = JSON.parse(LINES_2[0] ?? '') as Record<string, unknown>;

describe('a snapshot with state of grammar 2', () => {
  it('[WI40] says so in its header, and one without does not', () => {
    expect(HEADER_2['v']).toBe(2);
    expect(JSON.parse(LINES[0] ?? '')).not.toHaveProperty('v');
    for (const few of [
      [op('A:1', [make('r'), add('r', 'tags', 1)])],
      [op('A:1', [make('r'), increment('r', 'packed')])],
      [op('A:1', [make('r'), append('r', 'history', 1)])],
      [op('A:1', append('r', 'history', 1))],
    ]) {
      expect(linesOf(snapshotOf(log(...few)))[0]).toContain('"v":2');
    }
    const put2 = log(op('A:1', make('r'), { v: 2 }));
    expect(linesOf(snapshotOf(put2))[0]).not.toContain('"v"');
  });

  it('[WI30] carries sets, counters, journals, and what became of conflicts', () => {
    const read = readLines(LINES_2);
    if (!read.ok) throw new Error(read.fault);
    expect(canonicalWorld(read.snapshot)).toBe(canonicalWorld(snapshotOf(OPS_2)));
    const record = LINES_2.find((line) => line.includes('"tags"')) ?? '';
    expect(JSON.parse(record)).toMatchObject({
      sets: [['tags', [['red', 2]]]],
      counters: [['packed', [[2, 2]]]],
      journals: [['history', [[null, 2]]]],
    });
    expect(LINES_2.filter((line) => line.includes('"taken"'))).toHaveLength(1);
    expect(LINES_2.filter((line) => line.includes('resolve-resolve'))).toHaveLength(1);
  });

  it('[WI40] of a version that is not known is told apart from one at fault', () => {
    const header = JSON.stringify({ ...HEADER_2, v: 99 });
    expect(readLines([header, '{"kind":"text"}'])).toEqual({
      ok: false,
      fault: 'line 1: header: of version 99',
      version: 99,
    });
    expect(readLines([JSON.stringify({ ...HEADER_2, v: 0 })])).not.toHaveProperty('version');
    expect(readLines(LINES_2.slice(0, -1))).not.toHaveProperty('version');
  });

  it.each<[string, string, string, unknown]>([
    ['sets', '"tags"', 'sets', { tags: [] }],
    ['sets', '"tags"', 'sets', [['tags', []]]],
    ['sets', '"tags"', 'sets', [['tags', [['red', 9]]]]],
    ['sets', '"tags"', 'sets', [['tags', ['red']]]],
    ['counters', '"tags"', 'counters', [['packed', [['2', 2]]]]],
    ['journals', '"tags"', 'journals', [['history', [[1]]]]],
    ['taken', '"taken"', 'taken', ['']],
    ['closed', '"closed"', 'closed', [1]],
    ['closed', '"closed"', 'open', true],
    ['winner or loser', '"changes"', 'loser', { values: [], op: null, changes: [{ kind: 'put' }] }],
  ])('[WI31] is a fault: %s in a line with %s whose %s is %j', (fault, where, member, value) => {
    const line = LINES_2.find((each) => each.includes(where)) ?? '';
    const changed = JSON.stringify({ ...(JSON.parse(line) as object), [member]: value });
    const read = readLines(LINES_2.with(LINES_2.indexOf(line), changed));
    expect(read.ok ? '' : read.fault).toMatch(new RegExp(`: ${fault}$`));
  });

  it('[WI31] is a fault: an op in a list above the seq of the header', () => {
    const line = LINES_2.find((each) => each.includes('"tags"')) ?? '';
    const record = JSON.parse(line) as { ops: unknown[] };
    const ops = record.ops.with(2, [99, 0, actorOf('A'), 2]);
    const read = readLines(LINES_2.with(LINES_2.indexOf(line), JSON.stringify({ ...record, ops })));
    expect(read.ok ? '' : read.fault).toMatch(/above the seq of the header$/);
  });
});

describe('what is no whole snapshot', () => {
  it('[WI31] is a fault: the text cut at any letter', () => {
    const text = textOf(SOURCE).trimEnd();
    for (let cut = 0; cut < text.length; cut++) {
      expect(readText(text.slice(0, cut)).ok, text.slice(0, cut)).toBe(false);
    }
    expect(readText(text).ok).toBe(true);
  });

  it('[WI31] is a fault: any line missing, or there twice', () => {
    for (const i of LINES.keys()) {
      expect(readLines(LINES.toSpliced(i, 1)).ok, LINES[i]).toBe(false);
      expect(readLines([...LINES, LINES[i] ?? '']).ok, LINES[i]).toBe(false);
    }
  });

  const without = (member: string) => (line: string) =>
    JSON.stringify({ ...(JSON.parse(line) as object), [member]: undefined });
  const having = (member: string, value: unknown) => (line: string) =>
    JSON.stringify({ ...(JSON.parse(line) as object), [member]: value });
  const [tooDeep, deepest] = [33, 32].map((depth) =>
    JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`),
  );
  const op1 = [1, 0, actorOf('A'), 1];
  const record = { ops: [op1], born: [0], fields: [['title', 'Tent', 0]] };

  it.each<[string, string, string, (line: string) => string]>([
    ['actor', 'not a JSON object', 'not JSON', (line) => line.slice(1)],
    ['actor', 'not a JSON object', 'an empty line', () => ''],
    ['actor', 'not a JSON object', 'no object', () => '[]'],
    ['actor', 'not a JSON object', 'null', () => 'null'],
    ['actor', 'kind: unknown', 'without a kind', without('kind')],
    ['actor', 'kind: unknown', 'of an unknown kind', having('kind', '__proto__')],
    ['actor', 'actor or clock', 'of a clock of none', having('clock', 0)],
    ['actor', 'actor or clock', 'of no actor', having('actor', 'A')],
    [
      'actor',
      'has an op above its clock',
      'of a clock below what it has written',
      having('clock', 1),
    ],
    ['record', 'collection or id', 'without a collection', having('collection', '')],
    ['record', 'collection or id', 'without an id', without('id')],
    [
      'record',
      'fields',
      'with fields that are an object',
      having('fields', { title: ['Tent', 0] }),
    ],
    [
      'record',
      'fields',
      'with a field twice',
      having('fields', [...record.fields, ...record.fields]),
    ],
    ['record', 'fields', 'with a field that is no entry', having('fields', ['title'])],
    [
      'record',
      'fields',
      'with a field of an op that is not there',
      having('fields', [['title', 'Tent', 9]]),
    ],
    ['record', 'fields', 'with a field of no op', having('fields', [['title', 'Tent']])],
    ['record', 'fields', 'with a field without a value', having('fields', [['title']])],
    ['record', 'fields', 'with a field without a name', having('fields', [[1, 'Tent', 0]])],
    ['record', 'fields', 'with a value too deep', having('fields', [['title', tooDeep, 0]])],
    ['record', 'born', 'born of an op that is not there', having('born', [0, 9])],
    ['record', 'born', 'born of a name of the language', having('born', ['length'])],
    ['record', 'grave', 'with a grave that is not there', having('grave', 9)],
    ['record', 'grave', 'with a grave that is null', having('grave', null)],
    ['record', 'ops', 'without ops', having('ops', null)],
    ['record', 'ops', 'with an op of no place', having('ops', [[0, 0, actorOf('A'), 1]])],
    ['record', 'ops', 'with an op of half a ms', having('ops', [[1, 0.5, actorOf('A'), 1]])],
    ['record', 'ops', 'with an op that is cut', having('ops', [[1, 0, actorOf('A')]])],
    [
      'record',
      'neither born nor deleted',
      'neither born nor deleted',
      (line) => without('grave')(having('born', [])(line)),
    ],
    [
      'record',
      'an op above the seq of the header',
      'above the head',
      having('ops', [[7, 0, actorOf('A'), 1], op1, op1]),
    ],
    [
      'record',
      'has an op above its clock',
      'of an actor that has no line',
      having('ops', [[1, 0, actorOf('X'), 1], op1, op1]),
    ],
    ['conflict', 'case', 'of an unknown case', having('case', 'edit')],
    ['conflict', 'open', 'neither open nor closed', having('open', 0)],
    ['conflict', 'field', 'of a field that is no name', having('field', 0)],
    ['conflict', 'field', 'without a field', without('field')],
    ['conflict', 'actor or clock', 'without a clock', without('clock')],
    ['conflict', 'collection or id', 'without an id', having('id', '')],
    ['conflict', 'winner or loser', 'without a loser', without('loser')],
    [
      'conflict',
      'winner or loser',
      'whose winner has no stamp',
      having('winner', { values: null }),
    ],
    ['conflict', 'winner or loser', 'whose winner has no values', having('winner', { op: op1 })],
    [
      'conflict',
      'winner or loser',
      'of a value too deep',
      having('loser', { op: op1, values: [['title', tooDeep]] }),
    ],
    [
      'conflict',
      'winner or loser',
      'of values that are an object',
      having('loser', { op: op1, values: {} }),
    ],
    ['malformed', 'seq', 'without a place', having('seq', 0)],
    ['malformed', 'why', 'without a reason', having('why', 1)],
    ['malformed', 'actor or clock', 'without an actor', without('actor')],
    ['malformed', 'an op above the seq of the header', 'above the head', having('seq', 7)],
  ])('[WI31] is a fault: a line of kind %s (%s): %s', (kind, fault, _, change) => {
    const line = lineOf(kind);
    const read = readLines(LINES.with(LINES.indexOf(line), change(line)));
    expect(read.ok ? '' : read.fault).toMatch(new RegExp(`${fault}$`));
  });

  it('[WI31] is a value of 33 levels, and not one of 32', () => {
    const line = lineOf('record');
    const change = having('fields', [['title', deepest, 0]]);
    expect(readLines(LINES.with(LINES.indexOf(line), change(line))).ok).toBe(true);
  });

  it.each([
    ['nothing at all', []],
    ['no header', LINES.slice(1)],
    ['a header that is not JSON', ['<html>']],
    ['a header of no space', [having('space', 'x')(LINES[0] ?? ''), ...LINES.slice(1)]],
  ])('[WI31] is a fault: %s', (_, lines) => {
    expect(readLines(lines).ok).toBe(false);
  });

  it('[WI31] is a fault as soon as there are more lines of a kind than the header counts', () => {
    const reader = createSnapshotReader();
    for (const line of LINES) reader.add(line);
    const more = having('actor', actorOf('X'))(lineOf('actor'));
    expect(reader.add(more)).toBe('line 10: more than the header counts');
  });

  it('[WI31] says at which line, and goes on saying so', () => {
    const reader = createSnapshotReader();
    expect(LINES.slice(0, 2).map((line) => reader.add(line))).toEqual([undefined, undefined]);
    const fault = reader.add('{}');
    expect(fault).toBe('line 3: kind: unknown');
    expect(reader.add(LINES[2] ?? '')).toBe(fault);
    expect(reader.end()).toEqual({ ok: false, fault });
  });
});
