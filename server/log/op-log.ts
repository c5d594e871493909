/**
 * The op log: read, decide, write once, tell. It gives the decision (admit.ts) to the store's
 * transaction, and tells listeners after the commit. Payloads pass through unread.
 */
import { FIRST_SEQ } from '../../core/index.ts';
import type { Limits, Poke, SpaceError, SpaceId } from '../../core/index.ts';
import { covers, narrowed } from '../auth/reach.ts';
import type { Asker } from '../auth/reach.ts';
import { newEpoch } from '../new-epoch.ts';
import { StorageFullError } from '../store/faults.ts';
import type { Ask, Facts, LogStore, Plan, Writes } from '../store/port.ts';
import type { Observer } from '../observer.ts';
import { admit } from './admit.ts';
import type { Admission } from './admit.ts';
import { enter } from './enter.ts';
import type { Entry, Standing } from './enter.ts';
import { answerOf } from './answer.ts';
import type { SentAnswer } from './answer.ts';
import { pokeOf } from './poke-of.ts';
import type { LogRequest } from './request.ts';

export interface OpLogDeps {
  readonly store: LogStore;
  readonly limits: Limits;
  readonly now: () => number;
  /** How long servers have run on this database, in ms. */
  readonly served: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Called after the commit, before the answer. Must not wait for anyone. */
  readonly tell: (poke: Poke) => void;
  readonly observer?: Pick<Observer, 'exchange'> | undefined;
}

export interface OpLog {
  /** Takes what one request carries for one space, and answers what is new there. */
  exchange(asker: Asker, request: LogRequest): Promise<SentAnswer>;
  /** How a space stands for the asker; with `create` it is made if nobody has it. */
  visit(asker: Asker, space: SpaceId, create: boolean): Promise<Entry | SpaceError>;
}

export function createOpLog({
  store,
  limits,
  now,
  served,
  random,
  tell,
  observer,
}: OpLogDeps): OpLog {
  return {
    async exchange(asker, request) {
      const { space } = request;
      if (!covers(asker, space)) return { error: { code: 'forbidden' } };
      const circumstances = {
        account: asker.account,
        now: now(),
        served: served(),
        limits,
        newEpoch: () => newEpoch(random),
      };
      const ask = askOf(asker, request);
      const decide = (facts: Facts) => admit(standingOf(asker, facts), request, circumstances);
      const { reply, page } = await store.exchange(ask, decide).catch((error: unknown) => {
        if (!(error instanceof StorageFullError) || request.ops.length > 0) throw error;
        // Where it stands is recorded when there is room again: till then its log waits for it.
        return store.exchange(ask, (facts) => withoutCursor(decide(facts)));
      });
      const news = reply.kind === 'admitted' ? pokeOf(space, reply) : null;
      if (news) tell(news);
      if (reply.kind === 'admitted') observer?.exchange(countsOf(reply, request));
      return answerOf(reply, page, request);
    },

    async visit(asker, space, create) {
      if (!covers(asker, space)) return { code: 'forbidden' };
      const asked = { space, actor: null, since: FIRST_SEQ, create, epoch: undefined, ops: [] };
      const at = now();
      const { reply: entry } = await store.exchange(askOf(asker, asked), (facts) => {
        const reply = enter(standingOf(asker, facts), asked, () => newEpoch(random));
        const made = !('code' in reply) && reply.made ? { epoch: reply.space.epoch, at } : null;
        return { reply, page: null, writes: made && { ...NOTHING, make: made } };
      });
      if (!('code' in entry) && entry.made)
        tell({ space, epoch: entry.space.epoch, head: FIRST_SEQ });
      return entry;
    },
  };
}

/** What a request without ops would write is its actor's row, unless it makes the space. */
const withoutCursor = ({ writes, ...plan }: Plan<Admission>): Plan<Admission> => ({
  ...plan,
  writes: writes?.make ? writes : null,
});

/** Refusals are repeated until they were heard: those of ops in this request are new. */
const countsOf = (
  { appended, refused }: Extract<Admission, { kind: 'admitted' }>,
  { ops }: LogRequest,
) => ({
  taken: appended.length,
  refused: refused.filter(({ clock }) => ops.some((op) => op.clock === clock)).length,
});

const NOTHING: Writes = { make: null, actor: null, append: [], refuse: [], forgetBelow: null };

const askOf = (asker: Asker, { space, actor, since, ops }: LogRequest): Ask => ({
  space,
  account: asker.account,
  actor,
  since,
  clocks: ops.map((op) => op.clock),
});

const standingOf = (asker: Asker, { grant, ...facts }: Facts): Standing => ({
  ...facts,
  access: narrowed(asker, grant),
  mayMake: !asker.readOnly,
});
