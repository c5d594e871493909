/**
 * The only loop: send what waits, take in what is new, until there is no more of either. One at a
 * time on this device, whoever asks for it; safe to be cut off anywhere, because each round leaves
 * the database whole and keeps nothing in memory that matters.
 */
import { coalesce, isWaiting, type Retry } from '../../core/index.ts';
import { LockNotGiven } from './bounded-ports.ts';
import { drainRounds } from './drain-rounds.ts';
import type { Asked, DrainEnd, RoundHooks } from './exchange.ts';
import { StorageError, type Connection, type Hold, type Ports, type Session } from './ports.ts';
import { createSizing } from './sizing.ts';
import type { StoreWatch } from './watch-store.ts';

export interface DrainHooks extends RoundHooks {
  /** The spaces that a person has open, the last opened first. */
  opened(): readonly string[];
  onStart(): void;
  onEnd(): Promise<void>;
}

export interface DrainOptions {
  /** A person or a change of the network asks: do not wait for the next retry to be due. */
  readonly force: boolean;
  /**
   * What is to be sent is still being written: the lock is asked for meanwhile, and nothing is done
   * under it before this resolves, or at all where it rejects and nobody else asks.
   */
  readonly after?: Promise<unknown>;
}

export type Drain = (options: DrainOptions) => Promise<DrainEnd>;

/** Who has it is the only one of the device to exchange anything with the server. */
export const DRAIN_LOCK = 'offing:drain';

/** Returns `drain`. Calls during a drain share one more after it, so no write can slip between. */
export function createDrain(ports: Ports, hooks: DrainHooks, watch: StoreWatch): Drain {
  // Whoever of those who share the next run asked for force asked for all of them.
  let forced = false;
  /** Likewise: what the next run is for. */
  let reasons: Promise<unknown>[] = [];
  /** Somebody asked while a drain was at work, and that has not looked since. */
  let isAsked = false;
  let ask = (): void => {};
  const asked: Asked = {
    take() {
      const was = isAsked;
      isAsked = false;
      return was;
    },
    again: () => (isAsked ? Promise.resolve() : new Promise((resolve) => (ask = resolve))),
  };
  const run = coalesce(async () => {
    const force = forced;
    const isDue = isAnyDue(reasons);
    forced = false;
    reasons = [];
    // Each write comes by here, and to be given a lock takes longer than to see that there is nobody to send to.
    if (!connectionDue(await ports.session.load(), ports.clock.now(), { force })) return HELD;
    const drained = ports.locks.exclusive(DRAIN_LOCK, async (hold) => {
      if (!(await isDue)) return HELD;
      // It looks from here on.
      isAsked = false;
      return drainAlone({ ports, hooks, watch, hold, asked }, { force });
    });
    return drained.catch(heldByAnother);
  });
  /** To a drain that is at work by now; the run that is asked for here comes after it. */
  const tell = () => {
    isAsked = true;
    ask();
  };
  return ({ force, after }) => {
    forced ||= force;
    reasons.push(after ?? Promise.resolve());
    if (after) after.then(tell, () => undefined);
    else tell();
    return run();
  };
}

/** Resolves when all of these have come to an end: whether one of them came to a good one. */
async function isAnyDue(reasons: readonly Promise<unknown>[]): Promise<boolean> {
  const ends = await Promise.allSettled(reasons);
  return ends.some(({ status }) => status === 'fulfilled');
}

const HELD: DrainEnd = { kind: 'held' };

/** Whoever has the lock for so long is at work, and sends what is ours too. */
function heldByAnother(error: unknown): DrainEnd {
  if (error instanceof LockNotGiven) return HELD;
  throw error;
}

async function drainAlone(around: Around, options: Pick<DrainOptions, 'force'>): Promise<DrainEnd> {
  const { ports, hooks, watch } = around;
  const session = await ports.session.load();
  const connection = connectionDue(session, ports.clock.now(), options);
  if (!connection || (watch.isWaiting() && !options.force)) return HELD;
  hooks.onStart();
  try {
    const end = await drainRounds({
      ...around,
      connection,
      force: options.force,
      sizing: createSizing(session.most),
      opened: hooks.opened,
    });
    if (end.kind === 'done') await watch.drained();
    return end;
  } catch (error) {
    if (error instanceof StorageError) watch.failed(error);
    throw error;
  } finally {
    await hooks.onEnd();
  }
}

interface Around {
  readonly ports: Ports;
  readonly hooks: DrainHooks;
  readonly watch: StoreWatch;
  readonly hold: Hold;
  readonly asked: Asked;
}

/** The connection, if this is a time to use it. */
function connectionDue(
  { connection, paused, authFailed, retry }: Session,
  now: number,
  { force }: Pick<DrainOptions, 'force'>,
): Connection | undefined {
  if (paused || authFailed) return undefined;
  if (retry && isWaiting(retry, now) && !(force && mayBeForced(retry))) return undefined;
  return connection;
}

/** A change of the network says nothing of a server that asked for patience. */
const mayBeForced = ({ failure }: Retry): boolean =>
  failure.kind !== 'busy' || failure.retryAfter === undefined;
