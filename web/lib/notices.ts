/**
 * Notices from tab to tab, where pages are hosts. A page that uses a worker listens too: while one
 * host follows on another, the outcome of a write of this page may be told by the former.
 */
import { isNotice, type Notice } from '../../core/index.ts';
import type { Unsubscribe } from './api.ts';
import type { Environment } from './environment.ts';
import { createEvents } from './observed.ts';

export const NOTICES = 'offing';

export interface Notices {
  /** Tells every tab, this one included. */
  tell(notice: Notice): Promise<void>;
  subscribe(fn: (notice: Notice) => void): Unsubscribe;
  /** Those of other tabs alone. */
  onOthers(fn: (notice: Notice) => void): Unsubscribe;
  close(): void;
}

export function createNotices(environment: Environment): Notices {
  const all = createEvents<Notice>();
  const others = createEvents<Notice>();
  let isClosed = false;
  const channel = environment.channel(NOTICES, (data) => {
    if (!isNotice(data)) return;
    others.emit(data);
    all.emit(data);
  });

  return {
    async tell(notice) {
      if (isClosed) return;
      channel.post(notice);
      // Later and a copy, as it is for the others: a listener that throws must not stop the engine.
      const copy = structuredClone(notice);
      queueMicrotask(() => all.emit(copy));
    },
    subscribe: (fn) => all.subscribe(fn),
    onOthers: (fn) => others.subscribe(fn),
    close() {
      isClosed = true;
      channel.close();
    },
  };
}
