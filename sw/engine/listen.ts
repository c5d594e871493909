/**
 * The ear: the server's stream of pokes, open while a page shows signs of life. One that is lost is
 * opened again, at the latest at the next sign; nothing depends on it, since polling finds the same.
 */
import { isWaiting, type Poke } from '../../core/index.ts';
import type { Listening, Ports } from './ports.ts';

/** Pages ring at least every 15 s; after this long without a ring there is nobody to be quick for. */
const NOBODY_THERE_MS = 40_000;

const LIVED_FOR_MS = 10_000;

export interface Ear {
  /** A page rang: listen from now on, for as long as rings go on. */
  keepOpen(): Promise<void>;
  /** Listens again, if it does not and a page has rung lately. */
  reopen(): Promise<void>;
  /** The connection changed or is paused: stop, until the next ring. */
  close(): void;
}

export interface EarHooks {
  /** The stream is open: what came before is known by asking. */
  onOpen(): void;
  /** It has ended a while after it was opened, with somebody there. */
  onLost(): void;
  onPoke(poke: Poke): void;
}

export function createEar(ports: Ports, { onOpen, onLost, onPoke }: EarHooks): Ear {
  let listening: Listening | undefined;
  /** How often it was closed: what was read before a closing is out of date after it. */
  let closings = 0;
  let lastRing = 0;

  const close = () => {
    closings++;
    listening?.stop();
    listening = undefined;
  };

  // A ring of a time to come was before the clock was set back, nobody knows how long.
  const isAnybodyThere = () => Math.abs(ports.clock.now() - lastRing) <= NOBODY_THERE_MS;

  function keepOpen(): Promise<void> {
    lastRing = ports.clock.now();
    return reopen();
  }

  async function reopen(): Promise<void> {
    if (listening || !isAnybodyThere()) return;
    const before = closings;
    const { connection, paused, authFailed, retry } = await ports.session.load();
    // Reading takes a moment: another ring may have opened the stream, or a new token closed it.
    if (listening || closings !== before) return;
    if (!connection || paused || authFailed) return;
    if (retry && isWaiting(retry, ports.clock.now())) return;
    const opened = ports.transport.listen(connection, {
      onOpen,
      onPoke,
      onSign: () => {
        if (!isAnybodyThere()) close();
      },
    });
    listening = opened;
    const openedAt = ports.clock.now();
    void opened.ended.then(() => {
      if (listening !== opened) return;
      listening = undefined;
      // One that ends at once would be opened without end: that one waits for the next ring.
      if (ports.clock.now() - openedAt > LIVED_FOR_MS && isAnybodyThere()) onLost();
    });
  }

  return { keepOpen, reopen, close };
}
