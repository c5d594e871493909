/**
 * Retention, done: the four beats of a request, for an op of the server's own. And the log's rows,
 * which go afterwards, a few at a time, between requests.
 *
 *   tick ─► due spaces ─► decide ─► append the drop ─► poke ─► remove rows, chunk by chunk
 */
import {
  asClock,
  asSeq,
  DROP_VERSION,
  encodeDrop,
  fromHex,
  SERVER_ACTOR,
} from '../../core/index.ts';
import type { Poke, Seq, SpaceId } from '../../core/index.ts';
import type { LogRow } from '../store/port.ts';
import type { DropWrite, RetentionFacts, RetentionStore } from '../store/retention-port.ts';
import { digestAfter, hashOfReceived } from './op-hash.ts';
import { pokeOf } from './poke-of.ts';
import { retentionOf } from './retention.ts';
import type { RetentionRules, Verdict } from './retention.ts';

export interface RetentionDeps {
  readonly store: RetentionStore;
  readonly rules: RetentionRules;
  readonly now: () => number;
  /** As op-log.ts has it. */
  readonly tell: (poke: Poke) => void;
  readonly report: (error: unknown) => void;
}

/** What a pass did about one space. */
export interface Retained {
  readonly space: SpaceId;
  readonly verdict: Verdict;
  /** Rows that are gone now. */
  readonly removed: number;
}

export interface Retention {
  /** A server has run for `ms`: counts them, and does what has become due. */
  tick(ms: number): Promise<void>;
  /** One space, now. Null where there is none. */
  retain(space: SpaceId): Promise<Retained | null>;
  /** Begins nothing more; resolves when what was begun is done. */
  stop(): Promise<void>;
}

/** Rows in one transaction: requests that come meanwhile wait for no more than these. */
const ROWS_AT_ONCE = 500;

export function createRetention({ store, rules, now, tell, report }: RetentionDeps): Retention {
  const ending = new AbortController();
  let working: Promise<void> = Promise.resolve();

  async function pass(ms: number): Promise<void> {
    if (ending.signal.aborted) return;
    await store.tick(ms);
    if (rules.keepMs === null) return;
    for (const space of await store.due(store.served() - rules.keepMs)) {
      if (ending.signal.aborted) return;
      // What is wrong with one space is not to hold up the others.
      await retain(space).catch(report);
    }
  }

  async function retain(space: SpaceId): Promise<Retained | null> {
    let removed = await removeRows(space);
    const done = await store.drop(space, (facts) => {
      const verdict = retentionOf(facts, rules);
      const drop = verdict.kind === 'drop' ? dropAt(facts, verdict.through, now()) : null;
      return { drop, reply: { verdict, news: drop && newsOf(facts, drop) } };
    });
    if (!done) return null;
    const poke = done.news && pokeOf(space, done.news);
    if (poke) tell(poke);
    if (poke) removed += await removeRows(space);
    return { space, verdict: done.verdict, removed };
  }

  async function removeRows(space: SpaceId): Promise<number> {
    let removed = 0;
    while (!ending.signal.aborted) {
      const some = await store.removeRows(space, { most: ROWS_AT_ONCE, hashOf: hashOfReceived });
      if (some === 0) break;
      removed += some;
    }
    return removed;
  }

  return {
    tick: (ms) => (working = working.then(() => pass(ms)).catch(report)),
    retain,
    async stop() {
      ending.abort();
      await working;
    },
  };
}

/** The server's own op: as any other, and everything in the log had been seen. */
function dropAt({ space, serverClock }: RetentionFacts, through: Seq, at: number): DropWrite {
  const op = {
    actor: SERVER_ACTOR,
    clock: asClock(serverClock + 1),
    base: space.head,
    at,
    v: DROP_VERSION,
    payload: encodeDrop(through),
  };
  const digest = digestAfter(fromHex(space.digest), op);
  const row: LogRow = { ...op, seq: asSeq(space.head + 1), hash: null, digest };
  return { row, through };
}

const newsOf = ({ space }: RetentionFacts, { row }: DropWrite) => ({
  epoch: space.epoch,
  head: row.seq,
  made: false,
  appended: [row],
  digestBefore: space.digest,
});
