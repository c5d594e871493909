/**
 * In the worker's place until there is one: asks the host in the page, and from a certain moment on
 * the worker. Nothing asked later overtakes a write that was asked earlier.
 *
 *   page ── a worker is active ──► the page's writes are answered, its host is closed ──► worker
 */
import type { HostReply } from '../../core/index.ts';
import type { StandInFor } from './choose-host.ts';
import type { Host } from './host.ts';
import { createPageHost } from './page-host.ts';

/** A worker that was refused is tried again when the page comes back, but not at each glance. */
export const TRY_AGAIN_AFTER_MS = 60_000;

export function createStandIn(around: StandInFor, page: Host = createPageHost(around)): Host {
  const { environment, worker, reaching, onHandedOver } = around;
  const writing = new Set<Promise<HostReply>>();
  let handingOver: Promise<void> | null = null;
  let isReaching = true;
  let reachedAt = environment.now();
  let isClosed = false;

  /** From now on what is asked waits until the page's own writes are answered. */
  function handOver(): void {
    if (isClosed) return;
    handingOver ??= Promise.allSettled(writing).then(() => {
      page.close();
      for (const stop of unlisten) stop?.();
      onHandedOver();
    });
  }

  function follow(attempt: Promise<void>): void {
    isReaching = true;
    const done = (): void => void (isReaching = false);
    attempt.then(handOver, () => {}).finally(done);
  }

  function look(): void {
    if (!worker || isReaching || handingOver) return;
    reachedAt = environment.now();
    follow(worker.reachable());
  }

  function lookWhenDue(): void {
    if (environment.now() - reachedAt >= TRY_AGAIN_AFTER_MS) look();
  }

  const unlisten = [
    // Another tab may have brought it.
    worker?.onReplaced(look),
    environment.listen('online', lookWhenDue),
    environment.listen('visibilitychange', () => environment.isVisible() && lookWhenDue()),
  ];
  // It may only have been late.
  follow(reaching);

  return {
    ...page,
    async ask(request) {
      if (worker && handingOver) {
        await handingOver;
        return worker.ask(request);
      }
      const reply = page.ask(request);
      if (request.type === 'write') {
        writing.add(reply);
        const done = (): void => void writing.delete(reply);
        reply.then(done, done);
      }
      return reply;
    },
    close() {
      isClosed = true;
      for (const stop of unlisten) stop?.();
      page.close();
    },
  };
}
