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
  // Where there is no Background Sync the Queue calls `onSync` in its constructor, at each start of
  // the worker, unasked and un-awaited: `drain` is single and safe to be cut off, so it may.
  const queue = new Queue(TAG, {
    async onSync() {
      const end = await drain();
      if (end.kind === 'failed') throw new DrainUnfinished(end.failure.kind);
    },
  });
  return {
    worksWhenClosed,
    async ring() {
      // Registering costs a trip to the browser process and asks for one more `sync`; while one is
      // being served Workbox keeps the tag, so the failure path needs no second call.
      if (worksWhenClosed) await queue.registerSync();
    },
  };
}
