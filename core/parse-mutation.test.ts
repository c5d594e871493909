import { describe, expect, it } from 'vitest';
import {
  actorOf,
  add,
  append,
  del,
  increment,
  make,
  put,
  remove,
  resolve,
  restore,
} from '../spec/support/ops.ts';
import type { MutationJson } from './mutation.ts';
import { encodePayload, parsePayload, payloadVersionOf } from './payload.ts';

const whyOf = (mutation: object) => {
  const parsed = parsePayload(JSON.stringify({ do: [mutation] }), 2);
  return parsed.kind === 'malformed' ? parsed.why : parsed.kind;
};
const of = { collection: 'c', id: 'r' };
const NAME = { actor: actorOf('A'), clock: 3, ...of, field: 'title', kind: 'edit-edit' };

describe('a payload of grammar 2', () => {
  it('[OP14] has changes of sets, counters and journals, and resolves, beside what grammar 1 has', () => {
    const changes = [
      add('r', 'tags', 'red', { a: [1] }),
      remove('r', '__proto__', 'red'),
      increment('r', 'packed', -0.5),
      append('r', '', null),
    ];
    const mutations = [...changes, del('r'), restore('r'), make('s')];
    const parsed = parsePayload(encodePayload(mutations), 2);
    expect(parsed.kind === 'known' && parsed.payload.do).toEqual([
      ...mutations.slice(0, -1),
      expect.objectContaining({ kind: 'put', id: 's', isNew: true }),
    ]);
  });

  it.each([
    ['winner', 'winner'],
    ['loser', 'loser'],
    [{ value: null }, new Map([['title', null]])],
  ] as const)(
    '[OP14] has a resolve that takes %j, and names its record by the conflict',
    (take, read) => {
      const parsed = parsePayload(encodePayload([resolve('A:3 edit-edit c/r.title', take)]), 2);
      expect(parsed.kind === 'known' && parsed.payload.do).toEqual([
        { kind: 'resolve', ...of, conflict: NAME, take: read },
      ]);
    },
  );

  it('[OP14] of the whole record takes an object of fields', () => {
    const fields = JSON.parse('{"__proto__":1,"title":"x"}') as Record<string, string>;
    const text = encodePayload([resolve('A:3 edit-delete c/r', { value: fields })]);
    const parsed = parsePayload(text, 2);
    const [first] = parsed.kind === 'known' ? parsed.payload.do : [];
    expect(first?.kind === 'resolve' && first.take).toEqual(new Map(Object.entries(fields)));
  });

  it.each([
    [{ kind: 'add', ...of, values: [] }, 'field: not a name'],
    [{ kind: 'add', ...of, field: 'f', values: 'red' }, 'values: not a list'],
    [{ kind: 'remove', ...of, field: 'f' }, 'values: not a list'],
    [{ kind: 'remove', ...of, field: 1, values: [] }, 'field: not a name'],
    [{ kind: 'increment', ...of, field: 'f', by: '1' }, 'by: not a number'],
    [{ kind: 'increment', ...of, by: 1 }, 'field: not a name'],
    [{ kind: 'append', ...of, field: 'f' }, 'entry: missing'],
    [{ kind: 'append', ...of, entry: 1 }, 'field: not a name'],
    [{ kind: 'add', id: 'r', field: 'f', values: [] }, 'collection: not a name'],
    [{ kind: 'drop', ...of, through: 5 }, 'kind: unknown'],
    [{ kind: 'resolve', ...of, take: 'loser' }, 'conflict: not the name of one'],
    [resolving({ ...NAME, actor: 'A' }), 'conflict: not the name of one'],
    [resolving({ ...NAME, clock: -1 }), 'conflict: not the name of one'],
    [resolving({ ...NAME, id: '' }), 'conflict: not the name of one'],
    [resolving({ ...NAME, field: 1 }), 'conflict: not the name of one'],
    [resolving({ ...NAME, kind: 'edit' }), 'conflict: not the name of one'],
    [resolving(NAME, 'both'), 'take: neither a side nor a value'],
    [resolving(NAME, {}), 'take: neither a side nor a value'],
    [resolving({ ...NAME, field: null }, { value: 'x' }), 'take: neither a side nor a value'],
  ])('[OP3] %j is malformed: %s', (mutation, fault) => {
    expect(whyOf(mutation)).toBe(`do[0]: ${fault}`);
  });

  it('[OP5] an increment is a finite number', () => {
    const text = '{"do":[{"kind":"increment","collection":"c","id":"r","field":"f","by":1e999}]}';
    expect(parsePayload(text, 2).kind).toBe('malformed');
  });

  it.each<[MutationJson, number]>([
    [put('r', {}), 1],
    [del('r'), 1],
    [restore('r'), 1],
    [add('r', 'f'), 2],
    [remove('r', 'f'), 2],
    [increment('r', 'f'), 2],
    [append('r', 'f', 1), 2],
    [resolve('A:1 edit-edit r.title', 'loser'), 2],
  ])(
    '[OP16] %j takes version %d, and version 1 says nothing of what is not in it',
    (mutation, v) => {
      expect(payloadVersionOf([make('r'), mutation])).toBe(v);
      const kind = v === 1 ? 'known' : 'malformed';
      expect(parsePayload(encodePayload([mutation]), 1).kind).toBe(kind);
      expect(parsePayload(encodePayload([mutation]), 2).kind).toBe('known');
    },
  );
});

function resolving(conflict: object, take: unknown = 'loser') {
  return { kind: 'resolve', conflict, take };
}
