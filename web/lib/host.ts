/**
 * Where the device engine runs, as the page sees it: the service worker, or the page itself where
 * there can be no worker. The rest of this library knows no other door to it.
 *
 * Laws:
 * - Writes reach the engine in the order of their `ask`.
 * - `ask` ends: with a reply, or with an OffingError after the host's own time-out. A reply of type
 *   `error` is a reply.
 * - Notices are hints: one that was missed is not repeated.
 */
import type { HostReply, Notice, PageRequest } from '../../core/index.ts';
import type { AppUpdate, Unsubscribe } from './api.ts';

export interface Host {
  ask(request: PageRequest): Promise<HostReply>;
  onNotice(fn: (notice: Notice) => void): Unsubscribe;
  /** Another engine answers from now on (a new worker took over): it wants to be greeted. */
  onReplaced(fn: () => void): Unsubscribe;
  /** New versions of the app; null where there is no worker to bring them. */
  readonly update: AppUpdate | null;
  close(): void;
}
