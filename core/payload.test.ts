import { describe, expect, it, vi } from 'vitest';
import { add, make, op, pendingAt, put, del, restore, actorOf } from '../spec/support/ops.ts';
import type { MutationJson } from './mutation.ts';
import { encodePayload, parsePayload } from './payload.ts';
import { asClock } from './ids.ts';
import { hasForbiddenText } from './json.ts';
import { applyPending } from './rebase.ts';
import { recordKeyOf } from './record.ts';

const parse = (text: string, version = 1) => parsePayload(text, version);
const known = (text: string) => {
  const parsed = parse(text);
  if (parsed.kind !== 'known') throw new Error(JSON.stringify(parsed));
  return parsed.payload;
};
const why = (text: string) => {
  const parsed = parse(text);
  return parsed.kind === 'malformed' ? parsed.why : parsed.kind;
};
const withPut = (members: string) =>
  `{"do":[{"kind":"put","collection":"items","id":"r","fields":{"a":1}${members}}]}`;
const withFields = (fields: string) =>
  `{"do":[{"kind":"put","collection":"items","id":"r","fields":${fields}}]}`;
const firstFields = (text: string) => {
  const [mutation] = known(text).do;
  return mutation?.kind === 'put' ? mutation.fields : undefined;
};

describe('a payload of grammar 1', () => {
  it('[OP1] is the JSON text of a list of mutations, and comes back as what it was written from', () => {
    const mutations: MutationJson[] = [
      make('r', { title: 'Tent', tags: ['red', { deep: null }] }, { latest: ['title'] }),
      put('lists/l', { open: true }, { manual: ['open', 'title'] }),
      del('r'),
      restore('r'),
    ];
    const payload = known(encodePayload(mutations, [{ actor: actorOf('A'), clock: asClock(16) }]));
    expect(payload.do).toEqual([
      {
        kind: 'put',
        collection: 'items',
        id: 'r',
        isNew: true,
        fields: new Map<string, unknown>([
          ['title', 'Tent'],
          ['tags', ['red', { deep: null }]],
        ]),
        latest: new Set(['title']),
        manual: new Set(),
      },
      {
        kind: 'put',
        collection: 'lists',
        id: 'l',
        isNew: false,
        fields: new Map([['open', true]]),
        latest: new Set(),
        manual: new Set(['open', 'title']),
      },
      { kind: 'delete', collection: 'items', id: 'r' },
      { kind: 'restore', collection: 'items', id: 'r' },
    ]);
    expect(payload.was).toEqual([{ actor: actorOf('A'), clock: 16 }]);
  });

  it('[OP1] names its author’s earlier identities only after a fork', () => {
    expect(encodePayload([del('r')])).toBe(
      '{"do":[{"kind":"delete","collection":"items","id":"r"}]}',
    );
  });

  it.each([0, 4, 99, -1, 1.5, Number.NaN])('[OP2] of version %d is not guessed at', (version) => {
    expect(parse(withPut(''), version)).toEqual({ kind: 'unknown-version', version });
    expect(parse('not even JSON', version)).toEqual({ kind: 'unknown-version', version });
  });

  it.each([
    ['', 'not JSON'],
    ['{', 'not JSON'],
    ['{"do":[]}{}', 'not JSON'],
    ['null', 'not a plain JSON object'],
    ['[]', 'not a plain JSON object'],
    ['"do"', 'not a plain JSON object'],
    ['{}', 'do: not a list of mutations'],
    ['{"do":[]}', 'do: not a list of mutations'],
    ['{"do":{"0":1}}', 'do: not a list of mutations'],
    ['{"do":[null]}', 'do[0]: not an object'],
    ['{"do":[[]]}', 'do[0]: not an object'],
    ['{"do":[{}]}', 'do[0]: collection: not a name'],
    ['{"do":[{"kind":"delete","collection":"","id":"r"}]}', 'do[0]: collection: not a name'],
    ['{"do":[{"kind":"delete","collection":"c","id":""}]}', 'do[0]: id: not an id'],
    ['{"do":[{"kind":"delete","collection":"c","id":7}]}', 'do[0]: id: not an id'],
    ['{"do":[{"collection":"c","id":"r"}]}', 'do[0]: kind: unknown'],
    ['{"do":[{"kind":"toString","collection":"c","id":"r"}]}', 'do[0]: kind: unknown'],
    ['{"do":[{"kind":"put","collection":"c","id":"r"}]}', 'do[0]: fields: not an object'],
    [withFields('[]'), 'do[0]: fields: not an object'],
    [withPut(',"new":false'), 'do[0]: new: not true'],
    [withPut(',"new":null'), 'do[0]: new: not true'],
    [withPut(',"latest":"a"'), 'do[0]: latest or manual: not a list of names'],
    [withPut(',"latest":[1]'), 'do[0]: latest or manual: not a list of names'],
    [withPut(',"manual":null'), 'do[0]: latest or manual: not a list of names'],
    [withWas('{}'), 'was: not a list of actors and clocks'],
    [withWas('null'), 'was: not a list of actors and clocks'],
    [withWas('[{"actor":"A","clock":1}]'), 'was: not a list of actors and clocks'],
    [withWas(`[{"actor":"${actorOf('A')}","clock":-1}]`), 'was: not a list of actors and clocks'],
    [withWas(`[{"actor":"${actorOf('A')}","clock":1.5}]`), 'was: not a list of actors and clocks'],
  ])('[OP3] %s is malformed: %s', (text, fault) => {
    expect(why(text)).toBe(fault);
  });

  it('[OP3] is malformed as a whole if its last mutation is', () => {
    expect(why('{"do":[{"kind":"delete","collection":"c","id":"r"},{"kind":"delete"}]}')).toBe(
      'do[1]: collection: not a name',
    );
  });

  it('[OP7] may hold members that this version does not know: they are ignored', () => {
    const text =
      '{"do":[{"kind":"delete","collection":"c","id":"r","why":"tidy"}],"mood":["fine",{"a":1}]}';
    expect(known(text).do).toEqual([{ kind: 'delete', collection: 'c', id: 'r' }]);
  });
});

describe('a payload that is asked for again', () => {
  it('is read once, however many records it names', () => {
    const mutations = Array.from({ length: 20 }, (_, i) => make(`asked again ${i}`));
    const pending = pendingAt(0, [op('A:1', mutations)]);
    const reading = vi.spyOn(JSON, 'parse');
    for (const mutation of mutations)
      applyPending(recordKeyOf(mutation), undefined, pending, () => undefined);
    expect(reading).toHaveBeenCalledTimes(1);
    reading.mockRestore();
  });

  it('is read once, on a page with many others', () => {
    const texts = Array.from({ length: 1000 }, (_, i) => encodePayload([make(`on a page ${i}`)]));
    const first = texts.map((text) => parse(text, 1));
    const reading = vi.spyOn(JSON, 'parse');
    expect(texts.map((text) => parse(text, 1))).toEqual(first);
    expect(reading).not.toHaveBeenCalled();
    reading.mockRestore();
  });

  it('says the same where it is longer than what is kept', () => {
    const long = encodePayload([make('long', { title: 'x'.repeat(600_000) })]);
    expect(parse(long, 1)).toEqual(parse(long, 1));
    expect(parse(long, 1).kind).toBe('known');
  });

  it('[OP2] is read anew for another version', () => {
    const text = encodePayload([add('r', 'tags', 'red')]);
    expect(parse(text, 1).kind).toBe('malformed');
    expect(parse(text, 2).kind).toBe('known');
    expect(parse(text, 1).kind).toBe('malformed');
    expect(parse(text, 4)).toEqual({ kind: 'unknown-version', version: 4 });
  });
});

describe('names and values are data', () => {
  const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'];

  it.each(HOSTILE)('[OP4] %s is an ordinary name of a field', (name) => {
    const fields = firstFields(withFields(`{"${name}":{"polluted":true},"title":"Tent"}`));
    expect([...(fields ?? [])]).toEqual([
      [name, { polluted: true }],
      ['title', 'Tent'],
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each(HOSTILE)('[OP4] %s is an ordinary name of a collection and a record', (name) => {
    const [mutation] = known(encodePayload([{ kind: 'delete', collection: name, id: name }])).do;
    expect(mutation).toEqual({ kind: 'delete', collection: name, id: name });
  });

  it('[OP4] a member called __proto__ lends a mutation nothing', () => {
    const borrowed = '{"__proto__":{"kind":"delete","collection":"c","id":"r"}}';
    expect(why(`{"do":[${borrowed}]}`)).toBe('do[0]: collection: not a name');
    expect(why(`{"__proto__":{"do":[{"kind":"delete","collection":"c","id":"r"}]}}`)).toBe(
      'do: not a list of mutations',
    );
    expect(why(withPut(',"__proto__":{"new":true}'))).toBe('known');
  });

  it('[OP4] a field called __proto__ survives being written', () => {
    const fields = JSON.parse('{"__proto__":"kept"}') as Record<string, string>;
    expect([...(firstFields(encodePayload([put('r', fields)])) ?? [])]).toEqual([
      ['__proto__', 'kept'],
    ]);
  });

  it('[OP5] a value may be 27 levels deep below its field, and no deeper', () => {
    // The payload, its list, the mutation and its fields are four of the 32 levels.
    const deep = (levels: number) => withFields(`{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    expect(why(deep(28))).toBe('known');
    expect(why(deep(29))).toBe('not a plain JSON object');
    expect(why(deep(30_000))).toMatch(/^not/);
  });

  it.each(['1e999', '-1e999', '[{"b":1e400}]'])(
    '[OP5] %s is no JSON number that reads back the same: malformed',
    (value) => {
      expect(why(withFields(`{"a":${value}}`))).toBe('not a plain JSON object');
    },
  );

  it('[OP6] lone surrogates and U+0000 in strings come through, and none is in the text', () => {
    const odd = { 'a\ud800': '\udfff\u0000', '\u0000': ['\ud83d\ude00', '\ude00\ud83d'] };
    const text = encodePayload([put('\ud800', odd)]);
    expect(hasForbiddenText(text)).toBe(false);
    expect(Object.fromEntries(firstFields(text) ?? [])).toEqual(odd);
    expect(known(text).do[0]?.id).toBe('\ud800');
  });
});

function withWas(was: string): string {
  return `{"do":[{"kind":"delete","collection":"c","id":"r"}],"was":${was}}`;
}
