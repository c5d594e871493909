import { describe, expect, it } from 'vitest';
import { actorOf } from '../spec/support/ops.ts';
import {
  BootstrapHeaderSchema,
  parse,
  ProblemSchema,
  PROBLEMS,
  PushAnswerSchema,
  PushRequestSchema,
  SPACE_ERRORS,
} from './wire.ts';

const SPACE = actorOf('space');
const ACTOR = actorOf('A');

const OP = { clock: 1, base: 0, at: 5, v: 1, payload: '{}' };
const push = (ops: readonly unknown[], space: object = {}) => ({
  spaces: { [SPACE]: { actor: ACTOR, since: 0, ops, ...space } },
});
const answer = (space: object) => ({ now: 9, spaces: { [SPACE]: space } });
const ANSWER = {
  epoch: 'e1',
  head: 1,
  horizon: 0,
  access: 'write',
  acked: 1,
  ops: [],
  digest: '00'.repeat(16),
  more: false,
};

const pathIn = (schema: Parameters<typeof parse>[0], value: unknown) => {
  const parsed = parse(schema, value);
  return parsed.ok ? 'fits' : parsed.path.replace(SPACE, 'SPACE');
};

describe('a push', () => {
  it('[WI18] is read as what it says', () => {
    const sent = {
      account: actorOf('me'),
      device: actorOf('phone'),
      ...push([OP, { clock: 2, void: true }, { ...OP, clock: 3, key: 'k1' }], {
        epoch: 'e1',
        digest: 'ab'.repeat(16),
        create: true,
      }),
    };
    expect(parse(PushRequestSchema, sent)).toEqual({ ok: true, value: sent });
  });

  it('[WI18] takes an op without a version for version 1', () => {
    const { v: _, ...old } = OP;
    const parsed = parse(PushRequestSchema, push([old]));
    expect(parsed).toEqual({ ok: true, value: push([OP]) });
  });

  it('[WI2] may hold members this version does not know: they are ignored', () => {
    const later = { ...push([{ ...OP, mood: 'fine' }], { shard: 2 }), trace: {} };
    expect(parse(PushRequestSchema, later)).toEqual({ ok: true, value: push([OP]) });
  });

  it.each<[string, unknown]>([
    ['', null],
    ['', 'spaces'],
    ['spaces', {}],
    ['spaces', { spaces: 7 }],
    ['spaces.nonsense', { spaces: { nonsense: {} } }],
    ['account', { account: 'me', spaces: {} }],
    ['spaces.SPACE.actor', { spaces: { [SPACE]: { since: 0 } } }],
    ['spaces.SPACE.actor', push([], { actor: ACTOR.replace('7', 'A') })],
    ['spaces.SPACE.since', push([], { since: -1 })],
    ['spaces.SPACE.since', push([], { since: 1.5 })],
    ['spaces.SPACE.since', push([], { since: 2 ** 53 })],
    ['spaces.SPACE.digest', push([], { digest: 'AB'.repeat(16) })],
    ['spaces.SPACE.epoch', push([], { epoch: '' })],
    ['spaces.SPACE.create', push([], { create: 1 })],
    ['spaces.SPACE.ops', push([], { ops: {} })],
    ['spaces.SPACE.ops.0', push([null])],
    ['spaces.SPACE.ops.0.clock', push([{ ...OP, clock: 0 }])],
    ['spaces.SPACE.ops.1.clock', push([OP, { ...OP, clock: '2' }])],
    ['spaces.SPACE.ops.0.base', push([{ ...OP, base: null }])],
    ['spaces.SPACE.ops.0.at', push([{ ...OP, at: 1.5 }])],
    ['spaces.SPACE.ops.0.v', push([{ ...OP, v: 0 }])],
    ['spaces.SPACE.ops.0.payload', push([{ ...OP, payload: {} }])],
    ['spaces.SPACE.ops.0.void', push([{ clock: 1, void: false }])],
    ['spaces.SPACE.ops.0.clock', push([{ void: true }])],
  ])('[WI2] at fault is named by its path: %j', (path, value) => {
    expect(pathIn(PushRequestSchema, value)).toBe(path);
  });

  it('[WI2] with hostile names is read without harm', () => {
    const hostile: unknown = JSON.parse('{"spaces":{"__proto__":{"actor":1}},"constructor":1}');
    expect(parse(PushRequestSchema, hostile)).toEqual({ ok: true, value: { spaces: {} } });
  });
});

describe('an answer', () => {
  it('[WI19] may leave out what is empty', () => {
    const parsed = parse(PushAnswerSchema, answer(ANSWER));
    expect(parsed).toEqual({ ok: true, value: answer({ ...ANSWER, refused: [], taken: [] }) });
  });

  it('[WI19] names an own op without repeating it', () => {
    const own = { seq: 1, actor: ACTOR, clock: 1, at: 5 };
    const parsed = parse(PushAnswerSchema, answer({ ...ANSWER, ops: [own] }));
    expect(parsed.ok && parsed.value.spaces).toMatchObject({ [SPACE]: { ops: [own] } });
  });

  it.each(SPACE_ERRORS)('[WI20] can say %s of one space', (code) => {
    const error = { error: { code, acked: 3 } };
    expect(parse(PushAnswerSchema, answer(error))).toEqual({ ok: true, value: answer(error) });
  });

  it('[WI20] with a code that is not ours, or of another form, is not an answer', () => {
    expect(parse(PushAnswerSchema, answer({ error: { code: 'tired' } })).ok).toBe(false);
    expect(parse(PushAnswerSchema, answer({ ...ANSWER, head: '1' })).ok).toBe(false);
    expect(parse(PushAnswerSchema, '<html>Sign in to the hotel</html>').ok).toBe(false);
  });
});

describe('other messages', () => {
  it('[WI21] a problem has one of our codes, and anything beside it', () => {
    for (const code of Object.keys(PROBLEMS)) {
      expect(parse(ProblemSchema, { code, status: 400, type: 'about:blank' }).ok).toBe(true);
    }
    expect(pathIn(ProblemSchema, { code: 'portal_login' })).toBe('code');
    expect(pathIn(ProblemSchema, { title: 'Forbidden' })).toBe('code');
  });

  it('[WI13] the header of a bootstrap without a snapshot stands at seq 0', () => {
    const zero = { seq: 0, horizon: 0, records: 0, actors: 0, bytes: 0 };
    const header = { space: SPACE, epoch: 'e1', digest: '00'.repeat(16), ...zero };
    expect(parse(BootstrapHeaderSchema, header)).toEqual({
      ok: true,
      value: { ...header, conflicts: 0, malformed: 0 },
    });
    expect(pathIn(BootstrapHeaderSchema, { ...header, seq: -1 })).toBe('seq');
  });
});
