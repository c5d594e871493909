/** What a device remembers outside of its replica: a database of its own, whose writes can fail or be slow. */
import { StorageError, type Session, type SessionStore } from '../../sw/engine/ports.ts';
import type { Life } from './device-locks.ts';
import type { FaultPoint } from './faults.ts';

/** What becomes of what is saved. */
export type SessionState = 'good' | 'faulty' | 'slow';

/** Less than what the engine gives it, and more than everything else that it does. */
const SLOW_MS = 900;

export interface SessionBoxOptions {
  /** A step of the device. */
  readonly post: (task: () => void) => void;
  readonly wait: (ms: number) => Promise<void>;
  readonly happened: (point: Extract<FaultPoint, 'session-fault' | 'session-slow'>) => void;
}

export class SessionBox {
  session: Session;
  state: SessionState = 'good';
  readonly #options: SessionBoxOptions;

  constructor(session: Session, options: SessionBoxOptions) {
    this.session = session;
    this.#options = options;
  }

  /** The store as one context has it: what it has begun to save when it dies is not saved. */
  of(life: Life): SessionStore {
    const { post, wait, happened } = this.#options;
    const save = (change: object): Session => {
      const entries = Object.entries({ ...this.session, ...change });
      this.session = Object.fromEntries(
        entries.filter(([, value]) => value !== undefined),
      ) as unknown as Session;
      return this.session;
    };
    return {
      load: async () => this.session,
      save: async (change) => {
        if (this.state === 'slow') {
          happened('session-slow');
          await wait(SLOW_MS);
        }
        return new Promise((resolve, reject) =>
          post(() => {
            if (life.isOver) return;
            if (this.state !== 'faulty') return resolve(save(change));
            happened('session-fault');
            reject(new StorageError('failed'));
          }),
        );
      },
    };
  }
}
