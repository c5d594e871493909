/**
 * The browser's figures of its storage, as they were last told: asked for rarely, because it may have
 * to count, and never waited for, because a status must not hang on them.
 */
import type { StorageFigures } from '../../core/index.ts';
import type { Ports } from './ports.ts';

export interface Gauge {
  /** The last that are known; asks for new ones where these are old. */
  read(): StorageFigures | null;
  /** They have changed: the next to read asks anew. */
  forget(): void;
}

const OLD_MS = 60_000;

export function createGauge({ storage, clock }: Ports, onNews: () => void): Gauge {
  let figures: StorageFigures | null = null;
  let askedAt = -Infinity;

  async function ask(port: NonNullable<Ports['storage']>): Promise<void> {
    const found = await port.figures();
    const isNews = JSON.stringify(found) !== JSON.stringify(figures);
    figures = found;
    if (isNews) onNews();
  }

  return {
    read() {
      // A clock that was set back is no reason to keep old ones.
      if (storage && Math.abs(clock.now() - askedAt) > OLD_MS) {
        askedAt = clock.now();
        void ask(storage).catch(() => undefined); // the next asks again
      }
      return figures;
    },
    forget: () => void (askedAt = -Infinity),
  };
}
