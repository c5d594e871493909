import { describe, expect, it } from 'vitest';
import { actorOf } from '../spec/support/ops.ts';
import { asClock, asSeq, type SpaceId } from './ids.ts';
import { seal, type OutboxRow } from './outbox.ts';
import type { MutationJson, PutJson } from './mutation.ts';
import { encodePayload } from './payload.ts';
import { isTyping, QUIET_MS, typedOn, typingAt } from './typing.ts';

const put = (fields: PutJson['fields'], change: Partial<PutJson> = {}): MutationJson => ({
  kind: 'put',
  collection: 'items',
  id: 'i',
  fields,
  ...change,
});
const row = (
  mutations: readonly MutationJson[],
  at: number,
  change: Partial<OutboxRow> = {},
): OutboxRow => ({
  row: 7,
  space: actorOf('space') as string as SpaceId,
  actor: actorOf('A'),
  base: asSeq(3),
  at,
  v: 1,
  payloads: [encodePayload(mutations)],
  typing: typingAt(at),
  ...change,
});
const [h, he] = [row([put({ title: 'H' })], 1000), row([put({ title: 'He' })], 1200, { row: 99 })];

describe('typing', () => {
  it('[SE8] makes adjacent puts of one field one op, with the last value, time and the first place', () => {
    expect(typedOn(h, he)).toEqual({ ...he, row: 7, typing: { since: 1000, until: 1700 } });
  });

  it.each<[string, OutboxRow | undefined, OutboxRow]>([
    ['there is nothing before it', undefined, he],
    ['the one before is sealed', seal(h, asClock(0), undefined), he],
    ['the one before was no typing', { ...h, typing: undefined } as never, he],
    ['it is no typing itself', h, { ...he, typing: undefined } as never],
    ['it saw something since', h, { ...he, base: asSeq(4) }],
    ['it is of another author', h, { ...he, actor: actorOf('B') }],
    ['a part of the one before was set aside', { ...h, gone: [0] }, he],
    ['another field is typed', h, row([put({ note: 'He' })], 1200)],
    ['more fields are typed', h, row([put({ title: 'He', note: '' })], 1200)],
    ['another record is typed', h, row([put({ title: 'He' }, { id: 'j' })], 1200)],
    ['it merges otherwise', h, row([put({ title: 'He' }, { latest: ['title'] })], 1200)],
    ['its conflicts stay open', h, row([put({ title: 'He' }, { manual: ['title'] })], 1200)],
    ['it makes the record', h, row([put({ title: 'He' }, { new: true })], 1200)],
    ['it is no put', h, row([{ kind: 'delete', collection: 'items', id: 'i' }], 1200)],
    ['it is a batch', h, row([put({ title: 'He' }), put({ title: 'Hel' })], 1200)],
    ['it is a bulk', h, { ...he, payloads: [...he.payloads, ...he.payloads] }],
  ])('[SE8] makes nothing one where %s', (_why, last, next) => {
    expect(typedOn(last, next)).toBeUndefined();
  });

  it('[SE8] ends with a pause, and after ten pauses’ time without one', () => {
    expect(isTyping(h, 1000 + QUIET_MS - 1)).toBe(true);
    expect(isTyping(h, 1000 + QUIET_MS)).toBe(false);
    let typing = typingAt(0);
    for (let now = 100; now < 6000; now += 100) typing = typingAt(now, typing);
    expect(typing).toEqual({ since: 0, until: 5000 });
  });

  it('[SE8] holds nothing back on a clock that was set back', () => {
    expect(isTyping(h, 10)).toBe(false);
    expect(isTyping({}, 1000)).toBe(false);
  });
});
