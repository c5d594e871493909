/** The worker's voice: every page of the origin hears every notice, controlled by it yet or not. */
import type { Broadcast } from '../engine/ports.ts';

export function tellPages(scope: ServiceWorkerGlobalScope): Broadcast {
  return {
    async tell(notice) {
      const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
      for (const page of pages) page.postMessage(notice, []);
    },
  };
}
