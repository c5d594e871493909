/**
 * Web Locks among the contexts of one device: who is gone holds nothing, and waits for nothing. A
 * holder that gave no sign of life loses its lock to the next in line, and may go on all the same.
 */
import type { Locks } from '../../sw/engine/ports.ts';

export interface Life {
  isOver: boolean;
}

interface Waiting {
  readonly name: string;
  readonly life: Life;
  readonly hold: { isLost: boolean };
  begin(): Promise<unknown>;
}

export class DeviceLocks {
  readonly #held = new Map<string, Waiting>();
  #waiting: Waiting[] = [];
  /** Those that know that their lock is another's. */
  readonly #losers = new Set<Life>();

  /** The locks as one context asks for them. */
  of(life: Life): Locks {
    return {
      exclusive: (name, work) =>
        new Promise((resolve, reject) => {
          const hold = { isLost: false };
          const begin = () => work(hold).then(resolve, reject);
          this.#waiting.push({ name, life, hold, begin });
          this.#grant();
        }),
    };
  }

  /** Whoever is gone makes way. */
  free(): void {
    this.#waiting = this.#waiting.filter(({ life }) => !life.isOver);
    for (const [name, { life }] of this.#held) if (life.isOver) this.#held.delete(name);
    this.#grant();
  }

  /**
   * Who waits takes over from a holder that is another context. Returns how the former holder learns
   * of it, which one that is frozen does only when it wakes; nothing, where none was in the way.
   */
  takeOver(): (() => void) | undefined {
    const next = this.#waiting.find(({ name, life }) => {
      const holder = this.#held.get(name);
      return holder !== undefined && holder.life !== life;
    });
    const former = next && this.#held.get(next.name);
    if (!former) return undefined;
    this.#held.delete(former.name);
    this.#waiting = [next, ...this.#waiting.filter((one) => one !== next)];
    this.#grant();
    return () => {
      former.hold.isLost = true;
      this.#losers.add(former.life);
    };
  }

  /** Whether a context has lost its lock, knows it, and has none since: what it hears now is for another to find out. */
  hasLost(life: Life): boolean {
    return this.#losers.has(life);
  }

  #grant(): void {
    for (const next of this.#waiting) {
      if (this.#held.has(next.name)) continue;
      this.#held.set(next.name, next);
      this.#losers.delete(next.life);
      this.#waiting = this.#waiting.filter((one) => one !== next);
      void next.begin().then(() => {
        if (this.#held.get(next.name) === next) this.#held.delete(next.name);
        this.#grant();
      });
    }
  }
}
