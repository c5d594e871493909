/**
 * The bell: Background Sync through Workbox's Queue, which wakes this worker when there is a network,
 * with no page open. The Queue stores nothing here; our outbox is in our own database, because a
 * Queue deletes a request before it sends it.
 */
import { Queue } from 'workbox-background-sync';
import type { DrainEnd } from '../engine/drain.ts';
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

export function createBell(scope: ServiceWorkerGlobalScope, drain: () => Promise<DrainEnd>): Bell {
  const worksWhenClosed = 'sync' in scope.registration;
  let serving = 0;
  let current = 0;

  async function serve(tag: number): Promise<void> {
    serving++;
    try {
      // Where there is no Background Sync the Queue calls this in its constructor, at each start of
      // the worker, un-awaited and before there is an engine: `drain` is single and may be cut off.
      await Promise.resolve();
      const end = await drain();
      if (end.kind !== 'failed') return;
      current = 1 - tag;
      // With a network, a server that is down is asked again by the browser, ever more slowly.
      if (scope.navigator.onLine) throw new DrainUnfinished(end.failure.kind);
      await queues[current]?.registerSync();
    } finally {
      serving--;
    }
  }

  const queues = TAGS.map((name, tag) => new Queue(name, { onSync: () => serve(tag) }));
  return {
    worksWhenClosed,
    async ring() {
      // Not while a `sync` is being served: Chromium fires one that is asked for then at once, with no
      // backoff, so a server that is down would be asked dozens of times a second. Where the drain
      // fails the event itself sees to the next; where it does not, the next ring is a write's or a page's.
      if (worksWhenClosed && serving === 0) await queues[current]?.registerSync();
    },
  };
}
