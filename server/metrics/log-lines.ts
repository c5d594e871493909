/** The log for machines: a line of JSON for each request and each fault, without any contents. */
import type { Observer } from '../observer.ts';

export function createLogLines(write: (line: string) => void, now: () => number): Observer {
  const line = (level: 'info' | 'error', event: string, members: object): void =>
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...members }));
  return {
    request: ({ ms, ...seen }) =>
      line('info', 'request', { ...seen, ms: Math.round(ms * 10) / 10 }),
    exchange() {},
    commit() {},
    snapshot: ({ ms, bytes }) => line('info', 'snapshot', { bytes, ms: Math.round(ms) }),
    compacted: (seen) => line('info', 'compacted', seen),
    fault(error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      line('error', 'fault', { name, message, stack });
    },
  };
}
