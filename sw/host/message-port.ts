/** The message port's door: it also reaches the worker from a page that it does not control yet. */
import type { Engine } from '../engine/create-engine.ts';
import { answerPort } from '../engine/answer-port.ts';

/** Answers on the port that came with the message; a message without one is not for us. */
export function servePort(engine: Engine, event: ExtendableMessageEvent): void {
  const [port] = event.ports;
  if (!port) return;
  event.waitUntil(
    answerPort(engine, event.data, (work) => event.waitUntil(work)).then((reply) =>
      port.postMessage(reply),
    ),
  );
}

export function isSkipWaiting(data: unknown): boolean {
  return (
    typeof data === 'object' && data !== null && 'type' in data && data.type === 'SKIP_WAITING'
  );
}
