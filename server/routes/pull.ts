/** GET /sync/pull: the answer of a push that sends nothing. */
import { Hono } from 'hono';
import { asEpoch, asSeq, isActorId, isCount, isSpaceId } from '../../core/index.ts';
import type { ActorId, Limits } from '../../core/index.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';
import { replyJson } from '../http/reply.ts';
import { exchangeAll } from '../log/exchange-all.ts';
import type { OpLog } from '../log/op-log.ts';
import type { LogRequest } from '../log/request.ts';

export interface PullDeps {
  readonly log: OpLog;
  readonly limits: Limits;
  readonly now: () => number;
}

export const pullRoute = (deps: PullDeps) =>
  new Hono<PastDoor>().get('/pull', async (c) => {
    const actor = actorIn(c.req.query('actor'));
    const limit = limitIn(c.req.query('limit'));
    const requests = spacesIn(c.req.query('since'), deps.limits).map((space) => ({
      ...space,
      actor,
      limit,
      ops: [],
    }));
    return replyJson(c.req.raw, await exchangeAll(deps, c.var.asker, requests));
  });

/** Without an actor somebody only looks, and nothing of it is recorded. */
function actorIn(text: string | undefined): ActorId | null {
  if (text === undefined) return null;
  return isActorId(text) ? text : fault('actor', 'not a UUIDv7');
}

function limitIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = countIn(text);
  return limit !== null && limit > 0 ? limit : fault('limit', 'not a number from 1');
}

type Place = Pick<LogRequest, 'space' | 'since' | 'epoch' | 'digest'>;

function spacesIn(list: string | undefined, { spacesPerRequest }: Limits): readonly Place[] {
  const parts = list?.split(',') ?? fault('since', 'missing');
  if (parts.length > spacesPerRequest) {
    throw new ProblemError('too_large', { path: 'since', limit: spacesPerRequest });
  }
  const places = parts.map(placeIn);
  const ids = new Set(places.map((place) => place.space));
  return ids.size === places.length ? places : fault('since', 'one space twice');
}

/** SPACE:SEQ, or SPACE:SEQ:EPOCH:DIGEST. */
function placeIn(text: string, i: number): Place {
  const [space, seq = '', epoch, digest, ...more] = text.split(':');
  const since = countIn(seq);
  if (!isSpaceId(space)) return fault(`since.${i}`, 'not the UUIDv7 of a space');
  if (since === null) return fault(`since.${i}`, 'not a seq');
  if (epoch === undefined) return { space, since: asSeq(since) };
  const isWhole = /^.{1,64}$/.test(epoch) && /^[0-9a-f]{32}$/.test(digest ?? '');
  if (!isWhole || more.length > 0) return fault(`since.${i}`, 'not SPACE:SEQ:EPOCH:DIGEST');
  return { space, since: asSeq(since), epoch: asEpoch(epoch), digest };
}

const countIn = (text: string): number | null =>
  /^\d{1,16}$/.test(text) && isCount(Number(text)) ? Number(text) : null;

function fault(path: string, detail: string): never {
  throw new ProblemError('bad_request', { path, detail });
}
