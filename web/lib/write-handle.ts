/** The handle of a write: awaited for "durable here", asked for its way to the server. */
import type { Receipt, Seq } from '../../core/index.ts';
import type { AddHandle, WriteHandle } from './api.ts';
import { OffingError } from './errors.ts';
import type { Written } from './writer.ts';

export function createHandle<R>(
  written: Promise<Written>,
  pick: (receipts: readonly Receipt[]) => R,
): WriteHandle<R> {
  return new Handle(written, pick);
}

export const createAddHandle = (
  id: string,
  written: Promise<Written>,
  pick: (receipts: readonly Receipt[]) => Receipt,
): AddHandle => Object.assign(new Handle(written, pick), { id });

/** The receipt of a write that is one op. */
export function firstOf([receipt]: readonly Receipt[]): Receipt {
  if (!receipt) throw new OffingError('bad_request', 'The host accepted nothing.');
  return receipt;
}

class Handle<R> implements WriteHandle<R> {
  readonly accepted: Promise<R>;
  readonly #written: Promise<Written>;
  readonly #pick: (receipts: readonly Receipt[]) => R;
  #durable: Promise<R> | undefined;
  #synced: Promise<Seq> | undefined;

  constructor(written: Promise<Written>, pick: (receipts: readonly Receipt[]) => R) {
    this.#written = written;
    this.#pick = pick;
    this.accepted = written.then(async ({ receipts, inView }) => {
      await inView;
      return pick(receipts);
    });
  }

  get durable(): Promise<R> {
    this.#durable ??= this.#alone(this.#written.then(({ receipts }) => this.#pick(receipts)));
    return this.#durable;
  }

  /**
   * Made on demand, so that a write of which nobody asks for more than `accepted` has one promise
   * to handle. One that nobody asks anything of still reports its failure, as an unhandled
   * rejection: what a person typed must not vanish in silence.
   */
  get synced(): Promise<Seq> {
    this.#synced ??= this.#alone(this.#written.then((write) => write.whenSynced()));
    return this.#synced;
  }

  /** Who awaits one of them hears of the failure; the others must not count as unhandled. */
  #alone<T>(promise: Promise<T>): Promise<T> {
    promise.catch(() => {});
    this.accepted.catch(() => {});
    return promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- because awaiting a handle is the common case
  then<A = R, B = never>(
    fulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.accepted.then(fulfilled, rejected);
  }
}
