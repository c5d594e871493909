/** A transport whose streams of pokes can be stopped for good: a host that was replaced hears nothing. */
import type { Listening, Transport } from '../../sw/engine/ports.ts';

export function stoppable(transport: Transport): {
  readonly transport: Transport;
  readonly stopListening: () => void;
} {
  const open = new Set<Listening>();
  let isStopped = false;
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
    stopListening() {
      isStopped = true;
      for (const listening of open) listening.stop();
    },
  };
}
