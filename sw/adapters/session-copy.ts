/**
 * A second copy of what identifies a device, in Cache Storage: of other files than IndexedDB, so that a
 * browser that loses all databases of an origin at once (a corrupt log is one way) leaves it.
 */
import type { Session } from '../engine/ports.ts';

export interface SessionCopy {
  /** Undefined where there is none, or none that can be read. */
  read(): Promise<Session | undefined>;
  /** Keeps what is lasting in it, unless that is there already. Returns at once, and never fails. */
  keep(session: Session): void;
}

const CACHE = 'offing-session';
/** Nothing serves it: requests of pages are not answered from this cache. */
const URL_OF_IT = '/sync/local/session';

/** A plain http address has none. */
export function createSessionCopy(
  storage: CacheStorage | undefined = (globalThis as { caches?: CacheStorage }).caches,
): SessionCopy {
  let last = '';
  let keeping = Promise.resolve();

  async function write(text: string): Promise<void> {
    const cache = await storage?.open(CACHE);
    await cache?.put(URL_OF_IT, new Response(text));
  }

  return {
    async read() {
      try {
        const found = await storage?.match(URL_OF_IT, { cacheName: CACHE });
        return (await found?.json()) as Session | undefined;
      } catch {
        return undefined;
      }
    },
    keep(session) {
      const text = JSON.stringify(lastingOf(session));
      if (text === last) return;
      last = text;
      // One after the other: the last of them is the one that stays.
      keeping = keeping.then(() => write(text)).catch(() => void (last = ''));
    },
  };
}

/**
 * Not what tells of a drain, which changes all the time, nor what was taken out of a replica, which is
 * in the copy for longer than it is true.
 */
function lastingOf(session: Session): Session {
  const { device, config, connection, paused, askedToPersist, replica, lost } = session;
  return {
    device,
    ...(config && { config }),
    ...(connection && { connection }),
    ...(paused && { paused }),
    ...(askedToPersist && { askedToPersist }),
    ...(replica && { replica }),
    ...(lost && { lost }),
  };
}
