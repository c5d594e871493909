/**
 * What a drop may take, and who may hear that the log has gone on without them: nothing that has not
 * been served its time, and nobody who was there within the lease. Counts served time by itself.
 */
import {
  parsePayload,
  SERVER_ACTOR,
  type PushAnswer,
  type PushRequest,
  type SpaceId,
} from '../../core/index.ts';
import { Violation } from './faults.ts';
import type { Logs, TakenOp } from './logs.ts';
import type { SentReply, SentRequest } from './network.ts';
import { RETENTION } from './sim-server.ts';

const DAY_MS = 86_400_000;

interface Age {
  readonly served: number;
  /** Where each log stood. */
  readonly heads: ReadonlyMap<SpaceId, number>;
}

interface Follower {
  readonly served: number;
  readonly since: number;
}

/** What is known of a server's age; goes back with it. */
export interface Ages {
  readonly served: number;
  readonly marks: readonly Age[];
  /** By space and actor: when it last proved how far it had folded. */
  readonly followers: ReadonlyMap<string, Follower>;
}

export const NO_AGE: Ages = { served: 0, marks: [], followers: new Map() };

/** A server has run for `ms`. */
export function aged(ages: Ages, logs: Logs, ms: number): Ages {
  const served = ages.served + ms;
  const heads = new Map([...logs.all].map(({ space, ops }) => [space, ops.length]));
  return { ...ages, served, marks: [...ages.marks, { served, heads }] };
}

/** P6: a drop goes no further than what was in its log before the time that it is kept for. */
export function watchDrops({ served, marks }: Ages, taken: readonly TakenOp[]): number {
  let drops = 0;
  for (const { space, op } of taken.filter(({ op }) => op.actor === SERVER_ACTOR)) {
    const parsed = parsePayload(op.payload, op.v);
    if (parsed.kind !== 'drop') throw new Violation('P6', `${space} ${op.seq} is no drop`);
    const old = marks.findLast((mark) => served - mark.served >= RETENTION.keepMs);
    if (parsed.through > (old?.heads.get(space) ?? 0))
      throw new Violation('P6', `${space}: dropped through ${parsed.through} before its time`);
    drops += 1;
  }
  return drops;
}

/** P6: who proved within the lease to have folded so far is not told that its cursor has expired. */
export function watchFollowers(
  ages: Ages,
  request: SentRequest,
  reply: SentReply,
): { ages: Ages; expired: number } {
  if (!request.url.endsWith('/sync/push') || reply.status !== 200) return { ages, expired: 0 };
  const { spaces: asked } = JSON.parse(request.body ?? '{}') as PushRequest;
  const { spaces } = JSON.parse(reply.body) as PushAnswer;
  const followers = new Map(ages.followers);
  let expired = 0;
  for (const [space, question] of Object.entries(asked)) {
    if (!question) continue;
    const { actor, since, digest } = question;
    const answer = spaces[space as SpaceId];
    const name = `${space} ${actor}`;
    const before = followers.get(name);
    if (answer && 'error' in answer) {
      if (answer.error.code !== 'cursor_expired') continue;
      expired += 1;
      // To a day: that is how often the server notes who was there.
      const isLeased = before && ages.served - before.served < RETENTION.leaseMs - DAY_MS;
      if (isLeased && since >= before.since)
        throw new Violation('P6', `${name} was there, and its cursor ${since} has expired`);
      continue;
    }
    // At seq 0 a digest proves nothing.
    if (!answer || digest === undefined || since === 0) continue;
    followers.set(name, { served: ages.served, since: Math.max(since, before?.since ?? 0) });
  }
  return { ages: { ...ages, followers }, expired };
}
