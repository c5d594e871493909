/** Peers of two versions meet every day, so what they say to each other does not change by accident. */
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { hashOfSchemas } from '../spec/support/describe-schema.ts';
import { CHANNEL_VERSION } from './channel.ts';
import { PageRequestSchema } from './page-request.ts';
import * as wire from './wire.ts';

const WIRE_SCHEMAS = Object.fromEntries(
  Object.entries(wire).filter(([name]) => name.endsWith('Schema')),
);

const whatToDo = (version: string, history: string) =>
  `The schemas of ${history} are not those of ${version}. If they must change: can peers that ` +
  `do not know the change still talk to those that do? If so, put the new hash here and a line in ` +
  `docs/protocol-spec.md. If not, raise ${version} as well, with a line in its history, and keep ` +
  `the old version working until every peer has moved.`;

describe('the wire', () => {
  it('[WI22] changes only together with its version or its history', () => {
    expect(
      {
        version: wire.PROTOCOL_VERSION,
        schemas: hashOfSchemas({ ...WIRE_SCHEMAS, spaceErrors: wire.SPACE_ERRORS }),
      },
      whatToDo('PROTOCOL_VERSION', 'core/wire.ts'),
    ).toEqual({
      version: 1,
      schemas: 'a9dff42ee61c2233',
    });
  });

  it('[CH5] the channel between page and host does so too', () => {
    expect(
      {
        version: CHANNEL_VERSION,
        schemas: hashOfSchemas({ PageRequestSchema }),
      },
      whatToDo('CHANNEL_VERSION', 'core/channel.ts'),
    ).toEqual({
      version: 1,
      schemas: '83d6d7b22aa99c63',
    });
  });
});

describe('the hash of a schema', () => {
  const base = { a: v.number(), b: v.optional(v.string()) };
  const hash = (entries: v.ObjectEntries) => hashOfSchemas({ it: v.object(entries) });

  it.each<[string, v.ObjectEntries]>([
    ['a new member', { ...base, c: v.boolean() }],
    ['a member that becomes optional', { ...base, a: v.optional(v.number()) }],
    ['a narrower number', { ...base, a: v.pipe(v.number(), v.minValue(1)) }],
    ['another default', { ...base, b: v.optional(v.string(), 'x') }],
    ['another literal', { ...base, b: v.literal('x') }],
    ['another choice', { ...base, b: v.picklist(['x', 'y']) }],
    ['another pattern', { ...base, b: v.pipe(v.string(), v.regex(/^x/)) }],
    ['a list', { ...base, b: v.array(v.string()) }],
    ['a record', { ...base, b: v.record(v.string(), v.string()) }],
    ['another branch of a lazy one', { ...base, b: v.lazy(() => v.string()) }],
  ])('is another for %s', (_, entries) => {
    expect(hash(entries)).not.toBe(hash(base));
  });

  it('is the same for the same, whatever the order of its members', () => {
    expect(hash({ b: base.b, a: base.a })).toBe(hash(base));
  });
});
