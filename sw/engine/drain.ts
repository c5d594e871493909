/**
 * The only loop: send what waits, take in what is new, until there is no more of either. One at a
 * time on this device, whoever asks for it; safe to be cut off anywhere, because each round leaves
 * the database whole and keeps nothing in memory that matters.
 */
import { isWaiting, type Failure, type Retry } from '../../core/index.ts';
import { absorb, type Absorbed } from './absorb.ts';
import { adopt, type Adopted } from './adopt.ts';
import { LockNotGiven } from './bounded-ports.ts';
import { coalesce } from './coalesce.ts';
import { noteFailure, noteSuccess } from './exchange-notes.ts';
import { createForesight } from './foresight.ts';
import { prepareRequest } from './outgoing.ts';
import { StorageError, type Connection, type Hold, type Ports, type Session } from './ports.ts';
import { fetchFor, type Rebuilding } from './rebuild.ts';
import { createSizing, type Sizing } from './sizing.ts';
import type { StoreWatch } from './watch-store.ts';
import type { SpaceId } from '../../core/index.ts';

/** Why a drain ended: nothing more to do, held back by the session's state, or a failure. */
export type DrainEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface DrainHooks {
  onStart(): Promise<void>;
  onAbsorbed(absorbed: Pick<Absorbed, 'applied' | 'outcomes'>): Promise<void>;
  onAdopted(adopted: Adopted): Promise<void>;
  onEnd(): Promise<void>;
}

export interface DrainOptions {
  /** A person or a change of the network asks: do not wait for the next retry to be due. */
  readonly force: boolean;
}

export type Drain = (options: DrainOptions) => Promise<DrainEnd>;

/** Who has it is the only one of the device to exchange anything with the server. */
export const DRAIN_LOCK = 'offing:drain';

/** Returns `drain`. Calls during a drain share one more after it, so no write can slip between. */
export function createDrain(ports: Ports, hooks: DrainHooks, watch: StoreWatch): Drain {
  // Whoever of those who share the next run asked for force asked for all of them.
  let forced = false;
  const run = coalesce(() => {
    const force = forced;
    forced = false;
    const drained = ports.locks.exclusive(DRAIN_LOCK, (hold) =>
      drainAlone({ ports, hooks, watch, hold }, { force }),
    );
    return drained.catch(heldByAnother);
  });
  return ({ force }) => {
    forced ||= force;
    return run();
  };
}

/** Whoever has the lock for so long is at work, and sends what is ours too. */
function heldByAnother(error: unknown): DrainEnd {
  if (error instanceof LockNotGiven) return { kind: 'held' };
  throw error;
}

async function drainAlone(around: Around, options: DrainOptions): Promise<DrainEnd> {
  const { ports, hooks, watch } = around;
  const session = await ports.session.load();
  const connection = connectionDue(session, ports.clock.now(), options);
  if (!connection || (watch.isWaiting() && !options.force)) return { kind: 'held' };
  // The first request does not wait for the word that it has begun, nor does it fail with it.
  const told = hooks.onStart().catch(() => undefined);
  try {
    const end = await drainRounds({ ...around, connection, sizing: createSizing(session.most) });
    if (end.kind === 'done') await watch.drained();
    return end;
  } catch (error) {
    if (error instanceof StorageError) watch.failed(error);
    throw error;
  } finally {
    await told;
    await hooks.onEnd();
  }
}

interface Around {
  readonly ports: Ports;
  readonly hooks: DrainHooks;
  readonly watch: StoreWatch;
  readonly hold: Hold;
}

interface Draining extends Around {
  readonly connection: Connection;
  readonly sizing: Sizing;
}

async function drainRounds(draining: Draining): Promise<DrainEnd> {
  const { ports, hooks, watch, hold, connection, sizing } = draining;
  const asked = new Set<SpaceId>();
  const turns = new Map<SpaceId, number>();
  /** Whether anything got on since all spaces were asked about. */
  let isMoving = false;
  let isNoted = false;
  const foresight = createForesight((sent, before) => {
    const bounds = before ? sizing.boundsAfter(before) : sizing.bounds;
    return prepareRequest(ports, connection, { ...bounds, asked, sent });
  });
  for (;;) {
    // A page that was frozen in mid-drain wakes up here: somebody else drains by now.
    if (hold.isLost) return { kind: 'held' };
    const outgoing = await foresight.take();
    // No transaction is open across the request: a worker frozen in mid-fetch must not hold the database.
    const answering = ports.transport.push(connection, outgoing.request);
    for (const space of Object.keys(outgoing.request.spaces)) asked.add(space as SpaceId);
    const answer = await foresight.during(outgoing, answering);
    if (!answer.ok) {
      // That a request ended with the page being frozen says nothing of the network that others use.
      if (hold.isLost) return { kind: 'held' };
      foresight.forget();
      if (await sizing.failed(ports, outgoing, answer.failure)) continue;
      await noteFailure(ports, connection, answer.failure, sizing.most);
      return { kind: 'failed', failure: answer.failure };
    }
    const [absorbed, guilty] = [
      await absorb(ports, outgoing, answer.value),
      await sizing.succeeded(ports, outgoing),
    ];
    if (absorbed.advanced) watch.hasStored();
    const isForeseen = absorbed.onlyAcks && guilty.length === 0;
    if (!isForeseen) foresight.forget();
    // While there is still something to build anew, nothing says that this version can.
    const isHeld = absorbed.rebuilding.length > 0 && (await isTooOld(ports));
    const [session] = await Promise.all([
      // Of many that only settle one says that the server is there.
      isForeseen && isNoted
        ? ports.session.load()
        : noteSuccess(ports, absorbed.updateNeeded || isHeld, sizing.most),
      hooks.onAbsorbed({ ...absorbed, outcomes: [...absorbed.outcomes, ...guilty] }),
    ]);
    isNoted = true;
    const rebuilding = absorbed.rebuilding.filter(({ row }) => isWorthTrying(turns, row.space));
    const turned = absorbed.turned.filter((space) => isWorthTrying(turns, space));
    const failure = await rebuildAll(draining, rebuilding);
    if (failure) {
      await noteFailure(ports, connection, failure, sizing.most);
      return { kind: 'failed', failure };
    }
    isMoving ||= absorbed.advanced || turned.length > 0;
    const goesOn =
      (absorbed.more && isMoving) ||
      absorbed.followed.some((space) => !asked.has(space)) ||
      guilty.length > 0 ||
      rebuilding.length > 0 ||
      outgoing.left > 0;
    if (session.paused || !goesOn) return { kind: 'done' };
    if (outgoing.left === 0) isMoving = false;
  }
}

const isTooOld = async ({ session }: Ports): Promise<boolean> =>
  (await session.load()).updateNeeded ?? false;

/** A server that sends us from one history or name to the next without end must not keep us going round. */
function isWorthTrying(tried: Map<SpaceId, number>, space: SpaceId): boolean {
  const times = (tried.get(space) ?? 0) + 1;
  tried.set(space, times);
  return times <= MOST_TURNS;
}
const MOST_TURNS = 2;

/** Builds these replicas anew; a failure of the exchange ends it, and the rest is found again later. */
async function rebuildAll(
  { ports, hooks, connection }: Draining,
  rebuilding: readonly Rebuilding[],
): Promise<Failure | undefined> {
  for (const one of rebuilding) {
    const { of, fetched } = await fetchFor(ports, connection, one);
    if (!fetched.ok && fetched.failure) return fetched.failure;
    if (!fetched.ok && fetched.updateNeeded) await ports.session.save({ updateNeeded: true });
    const adopted = fetched.ok ? await adopt(ports, of, fetched.state) : undefined;
    if (adopted) await hooks.onAdopted(adopted);
  }
  return undefined;
}

/** The connection, if this is a time to use it. */
function connectionDue(
  { connection, paused, authFailed, retry }: Session,
  now: number,
  { force }: DrainOptions,
): Connection | undefined {
  if (paused || authFailed) return undefined;
  if (retry && isWaiting(retry, now) && !(force && mayBeForced(retry))) return undefined;
  return connection;
}

/** A change of the network says nothing of a server that asked for patience. */
const mayBeForced = ({ failure }: Retry): boolean =>
  failure.kind !== 'busy' || failure.retryAfter === undefined;
