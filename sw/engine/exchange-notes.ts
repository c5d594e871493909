/** What is remembered of an exchange with the server, so that it outlives the worker that had it. */
import { retryDelay, type Failure } from '../../core/index.ts';
import type { Connection, Ports, Session } from './ports.ts';

/** A refused token holds the outbox and counts as no retry: only a new one helps. */
export async function noteFailure(
  ports: Ports,
  used: Connection,
  failure: Failure,
  { most, isAnew = false }: Noted = {},
): Promise<void> {
  const { retry, connection } = await ports.session.load();
  // The connection was replaced while this request was on its way: that says nothing of the new one.
  if (connection?.token !== used.token || connection.url !== used.url) return;
  if (isOfToken(failure)) {
    await ports.session.save({ authFailed: true, retry: undefined });
    return;
  }
  // Of a network that was another one what failed before says nothing; of a server that is busy it does.
  const before = isAnew && failure.kind === 'network' ? 0 : (retry?.attempt ?? 0);
  const attempt = before + 1;
  const after = failure.kind === 'busy' ? failure.retryAfter : undefined;
  const since = ports.clock.now();
  const why = { kind: failure.kind, retryAfter: after };
  const until = since + retryDelay(attempt, ports.random.fraction(), why);
  await ports.session.save({
    retry: { attempt, since, until, failure },
    most,
    ...(isOfVersion(failure) && { updateNeeded: true }),
  });
}

interface Noted {
  /** How large the next request may be. */
  readonly most?: number | undefined;
  /** A person or a change of the network asked for it. */
  readonly isAnew?: boolean;
}

/** Whether a token helps: no other, or one that is another account's. */
export const isOfToken = (failure: Failure): boolean =>
  failure.kind === 'auth' || (failure.kind === 'refused' && failure.code === 'wrong_account');

/** Whether a newer version of the app helps. */
export const isOfVersion = (failure: Failure): boolean =>
  failure.kind === 'refused' &&
  (failure.code === 'client_too_old' || failure.code === 'protocol_unsupported');

export function noteSuccess(
  ports: Ports,
  updateNeeded: boolean,
  most: number | undefined,
): Promise<Session> {
  return ports.session.save({
    retry: undefined,
    lastSyncedAt: ports.clock.now(),
    updateNeeded: updateNeeded || undefined,
    most,
  });
}
