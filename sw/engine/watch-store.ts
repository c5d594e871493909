/**
 * The replica's store as the engine uses it: what goes wrong with it is noted for the status, room is
 * made where there is none, and a drain that failed by it is not begun again at every poll. Kept in
 * memory alone: on a disk that is full nothing can be noted, and a host that begins anew may try.
 */
import { isWaiting, retryDelay, type StorageFault } from '../../core/index.ts';
import { StorageError, type Ports, type ReplicaStore } from './ports.ts';

export interface StoreWatch {
  /** For what pages ask: tried whenever they do, a write as well where there is no room. */
  readonly accepting: ReplicaStore;
  /** For the exchange with the server. */
  readonly draining: ReplicaStore;
  /** What is wrong, until something is written again. */
  readonly fault: StorageFault | null;
  /** Whether a drain is not worth trying yet. */
  isWaiting(): boolean;
  /** A drain has stored something: there is room for a write of a page too. */
  hasStored(): void;
  /** A drain came to its end. Where a page's write failed before, it is tried whether one goes now. */
  drained(): Promise<void>;
  /** A drain failed by this store, or by the session's. */
  failed(error: StorageError): void;
}

/** What is in the log is kept for recovery as long as there is room; of the last hour pages may still ask. */
const KEPT_MS = 3_600_000;

export function watchStore({ store, clock, random }: Ports): StoreWatch {
  let accepting: StorageFault | null = null;
  let draining: StorageFault | null = null;
  let attempt = 0;
  let wait = { since: 0, until: 0 };

  /** A write that found no room is tried once more with what can be done without gone. */
  async function writeWithRoom<T>(work: Parameters<typeof store.write<T>>[0]): Promise<T> {
    try {
      return await store.write(work);
    } catch (error) {
      if (!isFull(error)) throw error;
      const now = clock.now();
      const isMade = await store
        .write((tx) => tx.dropSettledBefore(now - KEPT_MS, now))
        .catch((inner: unknown) => {
          if (!(inner instanceof StorageError)) throw inner;
          return 0;
        });
      if (isMade === 0) throw error;
      return store.write(work);
    }
  }

  /** What can be read has been opened. */
  async function read<T>(work: Parameters<typeof store.read<T>>[0]): Promise<T> {
    const result = await store.read(work);
    if (accepting === 'blocked') accepting = null;
    if (draining === 'blocked') draining = null;
    return result;
  }

  return {
    accepting: {
      async write(work) {
        try {
          const result = await writeWithRoom(work);
          accepting = null;
          return result;
        } catch (error) {
          if (error instanceof StorageError) accepting = error.fault;
          throw error;
        }
      },
      read,
      remove: () => store.remove(),
    },
    draining: { write: writeWithRoom, read, remove: () => store.remove() },
    get fault() {
      return accepting ?? draining;
    },
    isWaiting: () => isWaiting(wait, clock.now()),
    hasStored: () => void (accepting = null),
    async drained() {
      draining = null;
      attempt = 0;
      wait = { since: 0, until: 0 };
      // A drain that found nothing has written nothing.
      const isTried = accepting === 'failed' || accepting === 'full';
      if (isTried && (await takesWrites(store))) accepting = null;
    },
    failed({ fault }) {
      draining = fault;
      attempt += 1;
      const since = clock.now();
      wait = { since, until: since + retryDelay(attempt, random.fraction()) };
    },
  };
}

/** As much as a longer note: of room a smaller write would say too much. */
const TRIED_CHARACTERS = 32 * 1024;

/** Puts down again what is there, with something beside it that is gone in the end. */
async function takesWrites(store: ReplicaStore): Promise<boolean> {
  try {
    await store.write(async (tx) => {
      const meta = await tx.meta();
      if (!meta) return;
      const larger = { ...meta, tried: '.'.repeat(TRIED_CHARACTERS) };
      await tx.putMeta(larger);
      await tx.putMeta(meta);
    });
    return true;
  } catch (error) {
    if (error instanceof StorageError) return false;
    throw error;
  }
}

const isFull = (error: unknown): boolean => error instanceof StorageError && error.fault === 'full';
