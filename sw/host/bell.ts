/**
 * The bell: Background Sync, which wakes this worker when there is a network, with no page open. It
 * carries nothing: what is to be sent is in the outbox.
 */
import type { DrainEnd } from '../engine/exchange.ts';
import type { Bell } from '../engine/ports.ts';

/**
 * Two tags, because the browser leaves one that failed alone for minutes, even when the network comes
 * back meanwhile or it is asked for anew; another one fires as soon as there is a network.
 */
const TAGS = ['offing', 'offing-again'] as const;

/** A drain that could not finish: the browser takes only a rejection with an Error as "try again". */
export class DrainUnfinished extends Error {
  override readonly name = 'DrainUnfinished';
}

/** Background Sync, which the compiler's library does not have. */
interface SyncManager {
  register(tag: string): Promise<void>;
}
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

export function createBell(scope: ServiceWorkerGlobalScope, drain: () => Promise<DrainEnd>): Bell {
  const { sync } = scope.registration as { readonly sync?: SyncManager };
  let serving = 0;
  let current = 0;

  async function serve(tag: number): Promise<void> {
    serving++;
    try {
      const end = await drain();
      if (end.kind !== 'failed') return;
      current = 1 - tag;
      // With a network, a server that is down is asked again by the browser, ever more slowly.
      if (scope.navigator.onLine) throw new DrainUnfinished(end.failure.kind);
      await register();
    } finally {
      serving--;
    }
  }

  async function register(): Promise<void> {
    // Refused where the person forbids it to this site: pages ring then, as where it is missing.
    await sync?.register(TAGS[current] ?? TAGS[0]).catch(() => {});
  }

  scope.addEventListener('sync', (event) => {
    const rung = event as SyncEvent;
    const tag = TAGS.findIndex((name) => name === rung.tag);
    if (tag >= 0) rung.waitUntil(serve(tag));
  });
  // Where it is missing, each start of the worker is one to send at. Not before there is an engine;
  // nobody waits for it, it may be cut off, and where it fails the status says why.
  if (!sync)
    void Promise.resolve()
      .then(drain)
      .catch(() => {});
  return {
    worksWhenClosed: sync !== undefined,
    async ring() {
      // Not while a `sync` is being served: Chromium fires one that is asked for then at once, with no
      // backoff, so a server that is down would be asked dozens of times a second. Where the drain
      // fails the event itself sees to the next; where it does not, the next ring is a write's or a page's.
      if (serving === 0) await register();
    },
  };
}
