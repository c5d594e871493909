/**
 * One listener's stream of server-sent events. Hints are never queued: while the other side does not
 * read, only the newest poke of each space is held, without its ops, and of a bounded number of spaces.
 *
 *   poke ──► room? ──► written
 *              └─ no ► waiting (one a space) ──► written when the other side has read
 */
import type { Poke, SpaceId } from '../../core/index.ts';
import type { Hub, Listener } from './hub.ts';

/** How long a token revoked by another process may go on hearing. One row is read by its key. */
const LOOK_EVERY_MS = 2000;
/** More spaces than this at once, and a listener that slow had better poll. */
const MOST_WAITING = 100;

export interface StreamOptions extends Pick<Listener, 'asker' | 'spaces'> {
  readonly pingEveryMs: number;
  /** Asked every few seconds: another process may have revoked the token. */
  readonly isRevoked: () => Promise<boolean>;
}

export function eventStream(hub: Hub, options: StreamOptions): ReadableStream<Uint8Array> {
  const { asker, spaces, pingEveryMs, isRevoked } = options;
  const waiting = new Map<SpaceId, Poke>();
  let isOpen = true;
  let stopListening = (): void => {};
  let stopPinging = (): void => {};

  function leave(): void {
    isOpen = false;
    stopPinging();
    stopListening();
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      const hasRoom = (): boolean => (controller.desiredSize ?? 0) > 0;
      const write = (name: string, data: unknown): void => controller.enqueue(event(name, data));

      function end(why: 'revoked' | 'stopping'): void {
        if (!isOpen) return;
        leave();
        if (why === 'revoked') write('revoked', {});
        controller.close();
      }
      async function look(): Promise<void> {
        // A check that fails says nothing: the next one is soon.
        if (await isRevoked().catch(() => false)) end('revoked');
      }
      function ping(): void {
        if (hasRoom()) write('ping', {});
      }
      const timers = [
        setInterval(ping, pingEveryMs),
        setInterval(() => void look(), LOOK_EVERY_MS),
      ];
      for (const timer of timers) timer.unref();
      stopPinging = () => timers.forEach((timer) => clearInterval(timer));
      // At once, so that the headers go out and the listener knows that it listens.
      write('ping', {});
      stopListening = hub.listen({
        asker,
        spaces,
        end,
        poke(poke) {
          if (hasRoom()) write('poke', poke);
          else if (waiting.has(poke.space) || waiting.size < MOST_WAITING) {
            waiting.set(poke.space, { space: poke.space, epoch: poke.epoch, head: poke.head });
          }
        },
      });
      if (!isOpen) stopListening();
    },
    pull(controller) {
      const [next] = waiting.values();
      if (!next) return;
      waiting.delete(next.space);
      controller.enqueue(event('poke', next));
    },
    cancel: leave,
  });
}

const utf8 = new TextEncoder();

const event = (name: string, data: unknown): Uint8Array =>
  utf8.encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
