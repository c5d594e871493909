/**
 * Retention, done: the four beats of a request, for an op of the server's own. And the log's rows,
 * which go afterwards, a few at a time, between requests.
 *
 *   tick ─► due spaces ─► decide ─► read the snapshots back ─► append the drop ─► poke ─► remove rows,
 *                                                                                   chunk by chunk
 *
 * What goes of a log can never be folded again. So nothing goes on the word of a snapshot that was not
 * read to its last byte just before; and once a day each space's are read in any case, while the log
 * that they can be made from again is there.
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
import type { ReadBack } from '../snapshots/read-parts.ts';
import { turnsIn } from '../snapshots/turns.ts';
import type { Observer } from '../observer.ts';
import type { LogRow } from '../store/port.ts';
import type { DropWrite, RetentionFacts, RetentionStore } from '../store/retention-port.ts';
import { digestAfter, hashOfReceived } from './op-hash.ts';
import { pokeOf } from './poke-of.ts';
import { DAY_MS, retentionOf } from './retention.ts';
import type { RetentionRules, Verdict } from './retention.ts';

export interface RetentionDeps {
  readonly store: RetentionStore;
  readonly rules: RetentionRules;
  /** Reads all that is stored of a space's snapshots. */
  readonly readBack: (space: SpaceId) => Promise<ReadBack>;
  /** Some of it is damaged: it is to be made again. */
  readonly onDamage: (space: SpaceId) => void;
  readonly now: () => number;
  /** As op-log.ts has it. */
  readonly tell: (poke: Poke) => void;
  readonly report: (error: unknown) => void;
  readonly observer?: Pick<Observer, 'compacted'> | undefined;
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
  /** Begins nothing more; resolves when what was begun is done, and the `ms` since the last tick count. */
  stop(ms?: number): Promise<void>;
}

/** Rows in one transaction: requests that come meanwhile wait for no more than these. */
const ROWS_AT_ONCE = 500;

export function createRetention(deps: RetentionDeps): Retention {
  const { store, rules, readBack, onDamage, now, tell, report, observer } = deps;
  const ending = new AbortController();
  let working: Promise<void> = Promise.resolve();

  async function pass(ms: number): Promise<void> {
    if (ending.signal.aborted) return;
    const from = store.served();
    await store.tick(ms);
    const damaged = await readThrough(from);
    if (rules.keepMs === null) return;
    for (const space of await store.due(store.served() - rules.keepMs)) {
      if (ending.signal.aborted) return;
      // What is wrong with one space is not to hold up the others.
      if (!damaged.has(space)) await retain(space).catch(report);
    }
  }

  /** Those whose turn it is since `from`, one after the other. Returns where something is damaged. */
  async function readThrough(from: number): Promise<ReadonlySet<SpaceId>> {
    const found = new Set<SpaceId>();
    const turns = { from, to: store.served(), day: DAY_MS };
    for (const space of turnsIn(await store.living(), turns)) {
      if (ending.signal.aborted) break;
      const read = await readBack(space).catch(report);
      if (!read || read.damaged.length === 0) continue;
      found.add(space);
      onDamage(space);
    }
    return found;
  }

  async function retain(space: SpaceId): Promise<Retained | null> {
    const known = await store.facts(space);
    if (!known) return null;
    const foreseen = retentionOf(known, rules);
    // Of most logs nothing goes: their snapshots need not be read for that.
    if (foreseen.kind === 'wait' && !hasRowsToGo(known)) {
      return { space, verdict: foreseen, removed: 0 };
    }
    const { whole, damaged } = await readBack(space);
    if (damaged.length > 0) {
      onDamage(space);
      return { space, verdict: HELD_BY_DAMAGE, removed: 0 };
    }
    let removed = await removeRows(space, whole);
    const done = await store.drop(space, whole, (facts) => {
      const verdict = retentionOf(facts, rules);
      const drop = verdict.kind === 'drop' ? dropAt(facts, verdict.through, now()) : null;
      const dropped = drop ? drop.through - facts.dropped : 0;
      return { drop, reply: { verdict, dropped, news: drop && newsOf(facts, drop) } };
    });
    if (!done) return null;
    const poke = done.news && pokeOf(space, done.news);
    if (poke) tell(poke);
    if (poke) removed += await removeRows(space, whole);
    const { verdict, dropped } = done;
    if (dropped + removed > 0) observer?.compacted({ dropped, removed });
    return { space, verdict, removed };
  }

  async function removeRows(space: SpaceId, whole: ReadonlySet<number>): Promise<number> {
    const removal = { most: ROWS_AT_ONCE, whole, hashOf: hashOfReceived };
    let removed = 0;
    while (!ending.signal.aborted) {
      const some = await store.removeRows(space, removal);
      if (some === 0) break;
      removed += some;
    }
    return removed;
  }

  return {
    tick: (ms) => (working = working.then(() => pass(ms)).catch(report)),
    retain,
    async stop(ms = 0) {
      ending.abort();
      await working;
      if (ms > 0) await store.tick(ms).catch(report);
    },
  };
}

const HELD_BY_DAMAGE: Verdict = { kind: 'wait', floor: { by: 'damage' } };

/** A process died behind its drop, or its snapshots were not there any more. */
const hasRowsToGo = ({ space, dropped, snapshots: [, before] }: RetentionFacts): boolean =>
  dropped > space.horizon && before !== undefined && before >= dropped;

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
