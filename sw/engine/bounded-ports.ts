/**
 * The last resort against a drain that is stuck. Each adapter ends what it began in its own time; a
 * port that does not, because the browser under it hangs, is given up here much later, so that the
 * lock comes free and the next drain begins anew. What was given up may still take effect: that is
 * what the server's deduping and the checks in each transaction are for.
 */
import type { Failure, Outcome } from '../../core/index.ts';
import { ownAnswers } from './own-answers.ts';
import { StorageError, type Hold, type Locks, type Ports } from './ports.ts';
import { createWatchdog } from './watchdog.ts';

const MINUTE = 60_000;
const SESSION_WITHIN_MS = 2 * MINUTE;
/** Twice what the adapter gives a transaction, for it tries two times. */
const STORE_WITHIN_MS = 4 * MINUTE;
const REQUEST_WITHIN_MS = 2 * MINUTE;
/** A snapshot may be large and a line slow: the adapter alone sees that it gets on. */
const BOOTSTRAP_WITHIN_MS = 60 * MINUTE;
const TELL_WITHIN_MS = MINUTE / 2;
/** Another context may be at work for long; after this one looks again itself. */
const LOCK_WITHIN_MS = 10 * MINUTE;

export function boundPorts(ports: Ports): Ports {
  const within = createWatchdog(ports.clock);
  const { session, store, transport, broadcast, bell } = ports;
  const push = ownAnswers(ports);

  const ofStorage = (): never => {
    throw new StorageError('failed', { cause: new Error('The storage does not answer.') });
  };
  const request = <T>(running: Promise<Outcome<T>>, ms = REQUEST_WITHIN_MS): Promise<Outcome<T>> =>
    within(ms, running, () => ({ ok: false, failure: TIMED_OUT }));
  // Who is not told asks, and a bell that is not rung is rung again: nobody waits for either.
  const telling = (running: Promise<void>) => within(TELL_WITHIN_MS, running, () => undefined);

  return {
    ...ports,
    session: {
      load: () => within(SESSION_WITHIN_MS, session.load(), ofStorage),
      save: (change) => within(SESSION_WITHIN_MS, session.save(change), ofStorage),
    },
    store: {
      write: (work) => within(STORE_WITHIN_MS, store.write(work), ofStorage),
      read: (work) => within(STORE_WITHIN_MS, store.read(work), ofStorage),
      remove: () => within(STORE_WITHIN_MS, store.remove(), ofStorage),
    },
    transport: {
      push: (connection, body) => request(push(connection, body)),
      pull: (connection, from) => request(transport.pull(connection, from)),
      account: (url, token) => request(transport.account(url, token)),
      bootstrap: (...args) => request(transport.bootstrap(...args), BOOTSTRAP_WITHIN_MS),
      listen: (connection, hear) => transport.listen(connection, hear),
    },
    broadcast: {
      tell: (notice) => telling(broadcast.tell(notice)),
      onOthers: (fn) => broadcast.onOthers?.(fn),
    },
    bell: {
      worksWhenClosed: bell.worksWhenClosed,
      ring: () => telling(bell.ring()),
    },
    locks: boundLocks(ports.locks, within),
  };
}

const TIMED_OUT: Failure = { kind: 'network', why: 'timeout' };

/** A lock that is not given in time. */
export class LockNotGiven extends Error {
  override readonly name = 'LockNotGiven';
}

/** Bounds the wait for the lock, not the work under it: that ends by its own steps. */
function boundLocks(locks: Locks, within: ReturnType<typeof createWatchdog>): Locks {
  return {
    exclusive: <T>(name: string, work: (hold: Hold) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        let isOver = false;
        const begun = new Promise<void>((begin) => {
          const asked = locks.exclusive(name, async (hold) => {
            begin();
            // Given when nobody waits for it any more: the work must not be done then.
            if (isOver) throw new LockNotGiven(name);
            return work(hold);
          });
          asked.then(resolve, reject).finally(begin);
        });
        const giveUp = (): void => {
          isOver = true;
          reject(new LockNotGiven(name));
        };
        void within(LOCK_WITHIN_MS, begun, giveUp);
      }),
  };
}
