/** Web Locks among the contexts of one device: who is gone holds nothing, and waits for nothing. */
import type { Locks } from '../../sw/engine/ports.ts';

export interface Life {
  isOver: boolean;
}

interface Waiting {
  readonly name: string;
  readonly life: Life;
  begin(): Promise<unknown>;
}

export class DeviceLocks {
  readonly #held = new Map<string, Waiting>();
  #waiting: Waiting[] = [];

  /** The locks as one context asks for them. */
  of(life: Life): Locks {
    return {
      exclusive: (name, work) =>
        new Promise((resolve, reject) => {
          const begin = () => work({ isLost: false }).then(resolve, reject);
          this.#waiting.push({ name, life, begin });
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

  #grant(): void {
    for (const next of this.#waiting) {
      if (this.#held.has(next.name)) continue;
      this.#held.set(next.name, next);
      this.#waiting = this.#waiting.filter((one) => one !== next);
      void next.begin().then(() => {
        if (this.#held.get(next.name) === next) this.#held.delete(next.name);
        this.#grant();
      });
    }
  }
}
