/**
 * Keeps snapshots as new as they are worth it: hears of every log that grew, and builds one at a time,
 * off the path of requests.
 *
 *   a log grew ─► far enough behind? ─► due? ─► build ─► keep, if it still lies on the log
 *                                        │
 *                                        └─ once the rest after the one before is over
 */
import { FIRST_SEQ } from '../../core/index.ts';
import type { Seq, SpaceId } from '../../core/index.ts';
import { DamagedSnapshotError } from '../store/faults.ts';
import type { SnapshotStore } from '../store/snapshot-port.ts';
import type { Built } from './build.ts';
import { isDue, leastTail } from './due.ts';
import type { SnapshotRules } from './due.ts';
import { readParts } from './read-parts.ts';
import type { Rest } from './rest.ts';

export interface KeeperDeps {
  readonly store: SnapshotStore;
  readonly build: (space: SpaceId, signal: AbortSignal) => Promise<Built>;
  readonly rules: SnapshotRules;
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  /** Between two builds; none, where nothing is said. */
  readonly rest?: Rest | undefined;
}

/** Why a space is looked at. */
interface Cause {
  /** Something of it was found to be damaged. */
  readonly isDamaged: boolean;
  /** Somebody needs it now: it is built without a rest. */
  readonly isUrgent: boolean;
}

/** For the build before the first: a server that starts is asked by all its devices at once. */
const FIRST_MS = 100;

const GREW: Cause = { isDamaged: false, isUrgent: false };
const ASKED: Cause = { isDamaged: false, isUrgent: true };
const DAMAGED: Cause = { isDamaged: true, isUrgent: true };

export interface SnapshotKeeper {
  /** A log has grown to `head`. */
  grew(space: SpaceId, head: Seq): void;
  /** Somebody begins this space anew. */
  asked(space: SpaceId): void;
  /** A snapshot of this space turned out to be damaged: what is goes, and another is made. */
  damaged(space: SpaceId): void;
  /** Resolves when nothing is being built or looked at, or waits for a rest to end. */
  idle(): Promise<void>;
  /** Ends what is being built, and builds no more. */
  stop(): Promise<void>;
}

export function createSnapshotKeeper(deps: KeeperDeps): SnapshotKeeper {
  const { store, rules, report } = deps;
  const ending = new AbortController();
  /** Where each log has to get to before it is looked at again. */
  const lookAt = new Map<SpaceId, number>();
  const waiting = new Map<SpaceId, Cause>();
  /** Due, and to be looked at when the rest is over. */
  const postponed = new Set<SpaceId>();
  let working: Promise<void> | undefined;
  let resting: Promise<void> | undefined;
  /** It has heard of no log yet. */
  let isNew = true;

  function enqueue(space: SpaceId, { isDamaged, isUrgent }: Cause): void {
    if (ending.signal.aborted) return;
    const before = waiting.get(space) ?? GREW;
    waiting.set(space, {
      isDamaged: isDamaged || before.isDamaged,
      isUrgent: isUrgent || before.isUrgent,
    });
    working ??= work();
  }

  async function work(): Promise<void> {
    // After the request that called: its answer comes first.
    await Promise.resolve();
    for (const [space, cause] of waiting) {
      waiting.delete(space);
      await look(space, cause).catch(reportUnlessEnded);
      if (ending.signal.aborted) waiting.clear();
    }
    working = undefined;
    if (!resting) wakeNext();
  }

  /** One at a time: behind what it builds there is a rest again, and a look at each costs as well. */
  function wakeNext(): void {
    const [space] = postponed;
    if (space === undefined) return;
    postponed.delete(space);
    enqueue(space, GREW);
  }

  async function look(space: SpaceId, { isDamaged, isUrgent }: Cause): Promise<void> {
    // All of them are read, and now: what was reported may have been made again since.
    const found = isDamaged ? (await readParts(store, space)).damaged : [];
    if (found.length > 0) await discard(found);
    const stored = await store.space(space);
    if (!stored) return;
    const { sound, damaged } = await store.list(space);
    const [newest] = sound;
    const seq = newest?.header.seq ?? FIRST_SEQ;
    const ops = stored.head - seq;
    const bytes = ops >= leastTail(rules) ? await store.tailBytes(space, seq) : 0;
    // Of a log that has lost its start there were two: the newest alone could not be made again.
    const isAlone = stored.horizon > FIRST_SEQ && sound.length === 1;
    const isMissed = found.length + damaged.length > 0 || (isAlone && ops > 0);
    const state = { stateRecords: newest?.header.records ?? 0, stateBytes: newest?.bytes ?? 0 };
    const isWorthIt = isDue({ ops, bytes, ...state }, rules);
    const isFar = ops >= leastTail(rules);
    // Before it is made: what fails is not tried again at each request.
    const next = (isFar ? stored.head : seq) + leastTail(rules);
    lookAt.set(space, isAlone && ops === 0 ? seq + 1 : next);
    if (rules.every === 0 || !(isMissed || isWorthIt)) return;
    if (isMissed || isUrgent || !resting) await make(space);
    else postponed.add(space);
  }

  async function make(space: SpaceId): Promise<void> {
    postponed.delete(space);
    const begun = performance.now();
    try {
      const { snapshot, damaged } = await deps.build(space, ending.signal);
      if (damaged.length > 0) await discard(damaged);
      if (snapshot) await store.keep(space, snapshot, deps.now());
    } finally {
      restAfter(performance.now() - begun);
    }
  }

  /** One that could not wait does not make the others wait longer. */
  function restAfter(ms: number): void {
    isNew = false;
    resting ??= deps.rest?.after(ms, ending.signal).then(() => {
      resting = undefined;
      if (!working) wakeNext();
    });
  }

  async function discard(damaged: readonly number[]): Promise<void> {
    for (const n of damaged) report(new DamagedSnapshotError(n));
    await store.discard(damaged);
  }

  function reportUnlessEnded(error: unknown): void {
    if (!ending.signal.aborted) report(error);
  }

  return {
    grew(space, head) {
      deps.rest?.stirred();
      if (isNew) restAfter(FIRST_MS);
      if (postponed.has(space)) return;
      if (head >= (lookAt.get(space) ?? leastTail(rules))) enqueue(space, GREW);
    },
    asked: (space) => enqueue(space, ASKED),
    damaged: (space) => enqueue(space, DAMAGED),
    async idle() {
      const next = () => working ?? (postponed.size > 0 ? resting : undefined);
      for (let busy = next(); busy; busy = next()) await busy;
    },
    async stop() {
      ending.abort();
      await working;
    },
  };
}
