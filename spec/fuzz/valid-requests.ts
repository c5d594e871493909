/** Requests as a client sends them: the ground that mutations start from. */
import type { Random } from '../support/random.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import type { KnownSpace, TokenKind, World } from './world.ts';

export interface Draft extends Omit<FuzzRequest, 'body'> {
  /** To be sent as JSON. */
  readonly json: object | null;
}

const TOKENS: readonly TokenKind[] = [
  ...Array.from({ length: 12 }, () => 'full' as const),
  ...(['other', 'readOnly', 'oneSpace', 'revoked', 'unknown'] as const),
];

export function draft(world: World): Draft {
  const { random, tokens } = world;
  const token = tokens[random.pick(TOKENS)];
  const headers = [
    ['Host', 'localhost'],
    ['Authorization', `Bearer ${token}`],
  ] as [string, string][];
  if (random.chance(0.2)) headers.push(['Offing-Protocol', '1']);
  if (random.chance(0.3)) headers.push(['Accept-Encoding', 'gzip, br;q=0.5, zstd;q=0.1']);
  const ask = (target: string): Draft => ({ method: 'GET', target, headers, json: null });
  const send = (target: string, json: object): Draft => ({
    method: 'POST',
    target,
    headers: [...headers, ['Content-Type', 'application/json']],
    json,
  });
  switch (random.below(20)) {
    case 0:
      return ask('/sync/account');
    case 1:
      return ask('/sync/spaces');
    case 2:
      return send('/sync/spaces', {
        space: random.chance(0.2) ? world.newId() : anySpace(world).id,
      });
    case 3:
      return ask(`/sync/bootstrap/${anySpace(world).id}`);
    case 4:
      return ask(`/sync/events${random.chance(0.5) ? '' : `?spaces=${anySpace(world).id}`}`);
    case 5:
      return random.chance(0.5) ? ask('/sync/limits') : send('/sync/local', { do: [] });
    case 6:
      return ask(random.pick(['/healthz', '/readyz', '/sync', '/sync/nothing', '/sync/push']));
    case 7:
      return staticFile(ask, random);
    case 8:
    case 9:
    case 10:
      return ask(pullTarget(world));
    default:
      return send('/sync/push', push(world));
  }
}

function staticFile(ask: (target: string) => Draft, random: Random): Draft {
  const paths = ['/', '/worker.js', '/assets/main-Ab3_9-xY.js', '/lists/1', '/gone.js', '/assets'];
  const one = ask(random.pick(paths));
  const more = random.chance(0.5) ? [['Accept', 'text/html'] as const] : [];
  return { ...one, headers: [...one.headers, ...more] };
}

const anySpace = ({ random, spaces }: World): KnownSpace => random.pick(spaces);

function pullTarget(world: World): string {
  const { random } = world;
  const spaces = random.chance(0.6) ? [anySpace(world)] : world.spaces;
  const since = spaces.map(({ id, head, places }) => {
    const place = places.length > 0 && random.chance(0.6) ? random.pick(places) : null;
    return place
      ? `${id}:${place.since}:${place.epoch}:${place.digest}`
      : `${id}:${random.below(head + 1)}`;
  });
  const actor = random.chance(0.6) ? `actor=${random.pick(spaces[0]?.actors ?? []).id}&` : '';
  const limit = random.chance(0.3) ? `&limit=${1 + random.below(9)}` : '';
  return `/sync/pull?${actor}since=${since.join(',')}${limit}`;
}

function push(world: World): object {
  const { random } = world;
  const spaces = random.chance(0.7) ? [anySpace(world)] : world.spaces;
  return {
    ...(random.chance(0.3) ? { account: world.account } : {}),
    // Whole and right, for somebody else.
    ...(random.chance(0.05) ? { account: world.newId() } : {}),
    ...(random.chance(0.2) ? { device: world.newId() } : {}),
    spaces: Object.fromEntries(spaces.map((space) => [space.id, spacePush(space, random)])),
  };
}

function spacePush(space: KnownSpace, random: Random): object {
  const actor = random.pick(space.actors);
  const place = space.places.length > 0 && random.chance(0.6) ? random.pick(space.places) : null;
  const { since, ...fence } = place ?? { since: random.below(space.head + 1) };
  const fresh = Array.from({ length: random.below(5) }, (_, i) =>
    op(actor.acked + i + 1, space.head, random),
  );
  // As after a lost answer: the last ops once more, and new ones behind them.
  const again = actor.sent.slice(-random.below(3));
  actor.sent = [...actor.sent, ...fresh].slice(-9);
  const create = since === 0 && !place ? { create: true } : {};
  const ops = random.chance(0.3) ? [...again, ...fresh] : fresh;
  const asked = { actor: actor.id, since, ...fence, ...create, ...(ops.length > 0 ? { ops } : {}) };
  return random.chance(0.15)
    ? { ...asked, ...random.pick(historiesFrom(space, actor.acked)) }
    : asked;
}

/** Well formed, and not of this log: each meets its own fence. */
const historiesFrom = ({ head }: KnownSpace, acked: number): readonly object[] => [
  { since: head + 1, epoch: undefined, digest: undefined },
  { epoch: 'another' },
  { digest: '0'.repeat(31) + '1' },
  { epoch: '\ud800', digest: 'f'.repeat(32) },
  { ops: [{ clock: acked + 2, base: 0, at: 0, payload: '{}' }] },
  { ops: [{ clock: acked + 1, base: 0, at: 0, v: 99, payload: '{}' }] },
  { ops: [{ clock: acked + 1, base: head + 99, at: 0, payload: '{}' }] },
  { ops: [3, 1, 2].map((n) => ({ clock: acked + n, base: 0, at: 0, payload: '{}' })) },
  { ops: Array.from({ length: 21 }, (_, i) => ({ clock: acked + i + 1, void: true })) },
];

function op(clock: number, head: number, random: Random): object {
  if (random.chance(0.1)) return { clock, void: true };
  const size = random.pick([1, 1, 1, 100, 1900, 2100]);
  return {
    clock,
    base: random.below(head + 1),
    at: random.pick([0, 1, 1_763_650_000_000, 2 ** 53 - 1]),
    ...(random.chance(0.7) ? { v: 1 } : {}),
    payload: random.pick([
      `{"do":[${'1'.repeat(size)}]}`,
      'é'.repeat(size / 2),
      '',
      '\u0000',
      '😀',
    ]),
    ...(random.chance(0.1) ? { key: random.pick(['k1', '', 'k'.repeat(300), '\ud800']) } : {}),
  };
}
