/** A server whose log grows old: days of served time, followers with cursors, snapshots. */
import type { ActorId, MutationJson, SpaceAnswer, SpaceId } from '../../core/index.ts';
import { DAY_MS } from '../log/retention.ts';
import type { RealOp } from '../log/request.ts';
import { actorId, op, spaceId } from './log-words.ts';
import { listOps } from './list-ops.ts';
import { answerIn, openApp } from './open-app.ts';
import type { TestApp } from './open-app.ts';

export const S: SpaceId = spaceId(1);
export const [WRITER, READER]: readonly [ActorId, ActorId] = [actorId(1), actorId(2)];

export interface LongLog {
  readonly app: TestApp;
  readonly token: string;
  /** The ops that were written, as they were sent. */
  readonly sent: readonly RealOp[];
  head(): Promise<number>;
  ask(asked: object, actor?: ActorId): Promise<SpaceAnswer>;
  /** Adds so many ops to the log, and then these; waits for the snapshot that is built upon it. */
  write(count: number, mutations?: readonly MutationJson[]): Promise<void>;
  /** An actor has folded everything, and proves it. */
  follow(actor: ActorId): Promise<void>;
  /** So many days pass in which the server runs. */
  days(count: number): Promise<void>;
}

export async function openLongLog(options: Parameters<typeof openApp>[0] = {}): Promise<LongLog> {
  const app = await openApp({
    snapshots: { every: 50, atLeast: 50 },
    retention: { buffer: 10 },
    ...options,
  });
  const token = await app.tokenFor('ann');
  const sent: RealOp[] = [];
  const ask = async (asked: object, actor: ActorId = WRITER) =>
    answerIn(await app.push(token, { [S]: { actor, since: 0, ...asked } }), S);
  await ask({ create: true });

  /** Of the log as it is, wherever it begins by now. */
  async function head(): Promise<number> {
    const { [S]: part } = await app.push(token, { [S]: { actor: WRITER, since: 0, limit: 1 } });
    if (part && 'error' in part) return (await ask({ since: part.error.horizon, limit: 1 })).head;
    return answerIn({ [S]: part }, S).head;
  }

  return {
    app,
    token,
    sent,
    head,
    ask,
    async write(count, mutations = []) {
      const first = sent.length + 1;
      const ops = [
        ...listOps(first, first + count - 1),
        ...mutations.map((mutation, i) =>
          op(first + count + i, { payload: JSON.stringify({ do: [mutation] }) }),
        ),
      ];
      sent.push(...ops);
      const since = await head();
      for (let from = 0; from < ops.length; from += 500) {
        await ask({ since, ops: ops.slice(from, from + 500), acksOnly: true });
      }
      await app.keeper.idle();
    },
    async follow(actor) {
      const since = await head();
      const { digest, epoch } = await ask({ since }, actor);
      await ask({ since, digest, epoch }, actor);
    },
    async days(count) {
      for (let day = 0; day < count; day++) await app.retention.tick(DAY_MS);
    },
  };
}
