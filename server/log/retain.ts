/**
 * Retention, done: the four beats of a request, for an op of the server's own. And the log's rows,
 * which go afterwards, a few at a time, between requests.
 *
 *   tick ─► due spaces ─► snapshots whole? ─► decide ─► append the drop ─► poke ─► remove rows
 *
 * What the log is dropped for are its snapshots, so they are read from end to end first; and once a day
 * all are, for one that turns out to be damaged when nothing is left to make it from is lost.
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
import { DAY_MS, retentionOf } from './retention.ts';
import type { RetentionRules, Verdict } from './retention.ts';

export interface RetentionDeps {
  readonly store: RetentionStore;
  readonly rules: RetentionRules;
  readonly now: () => number;
  /** As op-log.ts has it. */
  readonly tell: (poke: Poke) => void;
  /** This snapshot is not as it was written: it is to be made again. */
  readonly damaged: (space: SpaceId, snapshot: number) => void;
  readonly report: (error: unknown) => void;
}

/** What a pass did about one space. */
export interface Retained {
  readonly space: SpaceId;
  /** `damaged`: a snapshot has to be made again first. */
  readonly verdict: Verdict | { readonly kind: 'damaged' };
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

export function createRetention({
  store,
  rules,
  now,
  tell,
  damaged,
  report,
}: RetentionDeps): Retention {
  const ending = new AbortController();
  let working: Promise<void> = Promise.resolve();

  async function pass(ms: number): Promise<void> {
    if (ending.signal.aborted) return;
    const before = store.served();
    await store.tick(ms);
    const isNewDay = dayOf(store.served()) > dayOf(before);
    const held = isNewDay ? await lookThrough() : NONE;
    if (rules.keepMs === null) return;
    for (const space of await store.due(store.served() - rules.keepMs)) {
      if (ending.signal.aborted) return;
      if (held.has(space)) continue;
      // What is wrong with one space is not to hold up the others.
      await retain(space).catch(report);
    }
  }

  /** Looks at every snapshot that is kept; returns the spaces with a damaged one. */
  async function lookThrough(): Promise<ReadonlySet<SpaceId>> {
    const found = new Set<SpaceId>();
    for (const space of await store.living()) {
      if (ending.signal.aborted) break;
      if (await hasDamage(space).catch(unread)) found.add(space);
    }
    return found;
  }

  function unread(error: unknown): boolean {
    report(error);
    return true;
  }

  async function hasDamage(space: SpaceId): Promise<boolean> {
    const found = await store.damaged(space);
    for (const snapshot of found) damaged(space, snapshot);
    return found.length > 0;
  }

  async function retain(space: SpaceId): Promise<Retained | null> {
    if (await hasDamage(space)) return { space, verdict: { kind: 'damaged' }, removed: 0 };
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

const NONE: ReadonlySet<SpaceId> = new Set();

const dayOf = (served: number): number => Math.floor(served / DAY_MS);

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
