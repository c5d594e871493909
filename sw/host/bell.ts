/**
 * The bell: Background Sync through Workbox's Queue, which wakes this worker when there is a network,
 * with no page open. The Queue stores nothing here; our outbox is in our own database, because a
 * Queue deletes a request before it sends it.
 */
import { Queue } from 'workbox-background-sync';
import type { DrainEnd } from '../engine/drain.ts';
import type { Bell } from '../engine/ports.ts';

const TAG = 'offing';

/** A drain that could not finish: the browser takes only a rejection with an Error as "try again". */
export class DrainUnfinished extends Error {
  override readonly name = 'DrainUnfinished';
}

export function createBell(scope: ServiceWorkerGlobalScope, drain: () => Promise<DrainEnd>): Bell {
  const worksWhenClosed = 'sync' in scope.registration;
  let serving = 0;
  // Where there is no Background Sync the Queue calls `onSync` in its constructor, at each start of
  // the worker, unasked and un-awaited: `drain` is single and safe to be cut off, so it may.
  const queue = new Queue(TAG, {
    async onSync() {
      serving++;
      try {
        const end = await drain();
        if (end.kind === 'failed') throw new DrainUnfinished(end.failure.kind);
      } finally {
        serving--;
      }
    },
  });
  return {
    worksWhenClosed,
    async ring() {
      // Not while a `sync` is being served: Chromium fires one that is asked for then at once, with no
      // backoff, so a server that is down would be asked dozens of times a second. Where the drain
      // fails the browser tries again by itself; where it does not, the next ring is a write's or a page's.
      if (worksWhenClosed && serving === 0) await queue.registerSync();
    },
  };
}
