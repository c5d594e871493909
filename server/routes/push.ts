/** POST /sync/push: sends, and learns what is new, in one round trip. */
import { Hono } from 'hono';
import { PushRequestSchema } from '../../core/index.ts';
import type { Limits, PushRequest } from '../../core/index.ts';
import type { Asker } from '../auth/reach.ts';
import type { Deadlines } from '../http/deadlines.ts';
import { checked } from '../http/door.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';
import { readJson } from '../http/read-body.ts';
import { replyJson } from '../http/reply.ts';
import { exchangeAll } from '../log/exchange-all.ts';
import type { OpLog } from '../log/op-log.ts';
import { requestsOf } from '../log/request.ts';

export interface PushDeps {
  readonly log: OpLog;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly now: () => number;
}

export const pushRoute = (deps: PushDeps) =>
  new Hono<PastDoor>().post('/push', async (c) => {
    const { asker } = c.var;
    const push = checked(PushRequestSchema, await readJson(c.req.raw, deps.limits, deps.deadlines));
    checkAccount(push, asker);
    checkCounts(push, deps.limits);
    const { request } = push;
    const answers = await exchangeAll(deps, asker, requestsOf(push));
    return replyJson(c.req.raw, request === undefined ? answers : { request, ...answers });
  });

/** Signed in as somebody else meanwhile: what was written as the one must not be sent as the other. */
function checkAccount({ account }: PushRequest, asker: Asker): void {
  if (account !== undefined && account !== asker.account) throw new ProblemError('wrong_account');
}

function checkCounts({ spaces }: PushRequest, { spacesPerRequest, opsPerSpace }: Limits): void {
  const requests = Object.entries(spaces);
  if (requests.length > spacesPerRequest) {
    throw new ProblemError('too_large', { path: 'spaces', limit: spacesPerRequest });
  }
  for (const [space, request] of requests) {
    if ((request?.ops?.length ?? 0) > opsPerSpace) {
      throw new ProblemError('too_large', { path: `spaces.${space}.ops`, limit: opsPerSpace });
    }
  }
}
