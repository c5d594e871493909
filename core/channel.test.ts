import { describe, expect, it } from 'vitest';
import { actorOf, make } from '../spec/support/ops.ts';
import { CHANNEL_VERSION, isNotice } from './channel.ts';
import { PageRequestSchema } from './page-request.ts';
import { parse } from './wire.ts';

const SPACE = actorOf('space');

const at = (value: unknown) => {
  const parsed = parse(PageRequestSchema, value);
  return parsed.ok ? 'fits' : parsed.path.replace(SPACE, 'SPACE');
};
const FORMER = { space: SPACE, history: 0, collection: 'items', id: 'r' };
const request = (type: string, rest: object = {}) => ({ v: CHANNEL_VERSION, type, ...rest });
const write = (ops: unknown, rest: object = {}) => request('write', { ops, ...rest });

function configOf(kinds: object) {
  return { name: 'lists', version: 1, collections: { items: { indexes: [], kinds } } };
}

describe('what a page asks of the host', () => {
  it.each([
    request('hello', { config: { name: 'lists', version: 1, collections: {} } }),
    request('hello', { config: configOf({ tags: 'set', packed: 'counter', history: 'journal' }) }),
    write([{ space: SPACE, do: [make('r', { title: 'Tent' })] }], {
      seen: { [SPACE]: 3 },
      rebuilt: { [SPACE]: 1 },
      instead: [{ row: 3, index: 0 }],
    }),
    write([], { seen: {}, rebuilt: {}, instead: [], former: [FORMER] }),
    request('let-go', { records: [FORMER] }),
    request('discard', { ops: [{ row: 3, index: 0 }] }),
    request('ring', { reason: 'online' }),
    request('sync-now'),
    request('pause'),
    request('resume'),
    request('status'),
    request('connect', { url: 'https://sync.example', token: 't' }),
    request('catch-up', { rows: [1, 2] }),
  ])('[CH1] is one of the requests of this version: $type', (asked) => {
    expect(parse(PageRequestSchema, asked)).toEqual({ ok: true, value: asked });
  });

  it.each<[string, unknown]>([
    ['', null],
    ['type', { v: CHANNEL_VERSION }],
    ['type', request('explode')],
    ['ops.0.do', write([{ do: [] }])],
    ['ops.0.do.0', write([{ do: ['put'] }])],
    ['ops.0.space', write([{ space: 'home', do: [make('r')] }])],
    ['seen.SPACE', write([{ do: [make('r')] }], { seen: { [SPACE]: -1 } })],
    ['rebuilt.SPACE', write([{ do: [make('r')] }], { rebuilt: { [SPACE]: 'once' } })],
    ['instead.0.index', write([{ do: [make('r')] }], { instead: [{ row: 3 }] })],
    ['former.0.history', write([], { former: [{ ...FORMER, history: -1 }] })],
    ['records', request('let-go', { records: [] })],
    ['ops', request('discard', { ops: [] })],
    ['reason', request('ring', { reason: 'bored' })],
    ['url', request('connect', { url: 'nowhere', token: 't' })],
    ['token', request('connect', { url: 'https://sync.example', token: '' })],
    ['config.name', request('hello', { config: { name: '../x', version: 1, collections: {} } })],
    [
      'config.collections.items.kinds.tags',
      request('hello', { config: configOf({ tags: 'bag' }) }),
    ],
    ['config.version', request('hello', { config: { name: 'x', version: 0, collections: {} } })],
  ])('[CH1] is refused with the path of its fault %s: %j', (path, asked) => {
    expect(at(asked)).toBe(path);
  });

  it('[CH2] of another version is refused by its version, not misread', () => {
    expect(at({ ...request('status'), v: CHANNEL_VERSION + 1 })).toBe('v');
    expect(at({ type: 'status' })).toBe('v');
  });

  it('[CH3] a write without the view it was made on counts as one that says nothing of it', () => {
    const parsed = parse(PageRequestSchema, write([{ do: [make('r')] }]));
    expect(parsed).toMatchObject({ ok: true, value: { seen: {}, rebuilt: {}, instead: [] } });
  });
});

describe('a notice to the pages', () => {
  it.each([
    [{ offing: CHANNEL_VERSION, type: 'status' }, true],
    [{ offing: CHANNEL_VERSION + 1, type: 'status' }, false],
    [{ type: 'status' }, false],
    [{ offing: CHANNEL_VERSION }, false],
    ['status', false],
    [null, false],
  ])('[CH4] %j is ours and of this version: %s', (message, ours) => {
    expect(isNotice(message)).toBe(ours);
  });
});
