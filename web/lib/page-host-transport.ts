/**
 * A transport that lets go of its streams of pokes. A browser has few connections for one origin, and
 * each tab in sight holds one of them; a hidden tab must not, and a host that was replaced never again.
 */
import type { Listening, Transport } from '../../sw/engine/ports.ts';

export interface Hushable {
  readonly transport: Transport;
  /** Ends the streams that are open; the next ring opens another. */
  hush(): void;
  /** Ends them for good. */
  stop(): void;
}

export function hushable(transport: Transport): Hushable {
  const open = new Set<Listening>();
  let isStopped = false;
  const hush = (): void => {
    for (const listening of open) listening.stop();
  };
  return {
    transport: {
      ...transport,
      listen(connection, hear) {
        if (isStopped) return { ended: Promise.resolve(), stop() {} };
        const listening = transport.listen(connection, hear);
        open.add(listening);
        void listening.ended.then(() => open.delete(listening));
        return listening;
      },
    },
    hush,
    stop() {
      isStopped = true;
      hush();
    },
  };
}
