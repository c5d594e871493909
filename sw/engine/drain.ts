/**
 * The only loop: send what waits, take in what is new, until there is no more of either. One at a
 * time on this device, whoever asks for it; safe to be cut off anywhere, because each round leaves
 * the database whole and keeps nothing in memory.
 */
import { isWaiting, retryDelay, type Failure } from '../../core/index.ts';
import { absorb, type Absorbed } from './absorb.ts';
import { coalesce } from './coalesce.ts';
import { prepareRequest } from './outgoing.ts';
import type { Connection, Ports, Session } from './ports.ts';

/** Why a drain ended: nothing more to do, held back by the session's state, or a failure. */
export type DrainEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface DrainHooks {
  onStart(): Promise<void>;
  onAbsorbed(absorbed: Absorbed): Promise<void>;
  onEnd(): Promise<void>;
}

export interface DrainOptions {
  /** A person or a change of the network asks: do not wait for the next retry to be due. */
  readonly force: boolean;
}

export type Drain = (options: DrainOptions) => Promise<DrainEnd>;

const LOCK = 'offing:drain';

/** Returns `drain`. Calls during a drain share one more after it, so no write can slip between. */
export function createDrain(ports: Ports, hooks: DrainHooks): Drain {
  // Whoever of those who share the next run asked for force asked for all of them.
  let forced = false;
  const run = coalesce(() => {
    const force = forced;
    forced = false;
    return ports.locks.exclusive(LOCK, () => drainAlone(ports, hooks, { force }));
  });
  return ({ force }) => {
    forced ||= force;
    return run();
  };
}

async function drainAlone(
  ports: Ports,
  hooks: DrainHooks,
  options: DrainOptions,
): Promise<DrainEnd> {
  const session = await ports.session.load();
  const connection = connectionDue(session, ports.clock.now(), options);
  if (!connection) return { kind: 'held' };
  // The first request does not wait for the word that it has begun, nor does it fail with it.
  const told = hooks.onStart().catch(() => undefined);
  try {
    return await drainRounds(ports, hooks, connection);
  } finally {
    await told;
    await hooks.onEnd();
  }
}

async function drainRounds(
  ports: Ports,
  hooks: DrainHooks,
  connection: Connection,
): Promise<DrainEnd> {
  for (;;) {
    const outgoing = await prepareRequest(ports, connection);
    // No transaction is open across the request: a worker frozen in mid-fetch must not hold the database.
    const answer = await ports.transport.push(connection, outgoing.request);
    if (!answer.ok) {
      await noteFailure(ports, connection, answer.failure);
      return { kind: 'failed', failure: answer.failure };
    }
    const absorbed = await absorb(ports, outgoing, answer.value);
    const [session] = await Promise.all([noteSuccess(ports, absorbed), hooks.onAbsorbed(absorbed)]);
    if (session.paused || !absorbed.more || !absorbed.advanced) return { kind: 'done' };
  }
}

/** The connection, if this is a time to use it. */
function connectionDue(
  session: Session,
  now: number,
  { force }: DrainOptions,
): Connection | undefined {
  const { connection, paused, authFailed, retry } = session;
  if (paused || authFailed) return undefined;
  if (!force && retry && isWaiting(retry, now)) return undefined;
  return connection;
}

/** A refused token holds the outbox and counts as no retry: only a new one helps. */
async function noteFailure(ports: Ports, used: Connection, failure: Failure): Promise<void> {
  const { retry, connection } = await ports.session.load();
  // The connection was replaced while this request was on its way: that says nothing of the new one.
  if (connection?.token !== used.token || connection.url !== used.url) return;
  if (failure.kind === 'auth') {
    await ports.session.save({ authFailed: true, retry: undefined });
    return;
  }
  const attempt = (retry?.attempt ?? 0) + 1;
  const after = failure.kind === 'busy' ? failure.retryAfter : undefined;
  const since = ports.clock.now();
  const until = since + retryDelay(attempt, ports.random.fraction(), after);
  await ports.session.save({ retry: { attempt, since, until, failure } });
}

function noteSuccess(ports: Ports, absorbed: Absorbed): Promise<Session> {
  return ports.session.save({
    retry: undefined,
    lastSyncedAt: ports.clock.now(),
    updateNeeded: absorbed.updateNeeded || undefined,
  });
}
