/**
 * What a network does to a push, and how a test orders it. The push is held where nobody can know
 * how it ends, so that the test can look at what the server has and go on writing meanwhile.
 *
 *   strike ─► caught: the fault has the push ─► go: the browser hears what it hears, and goes on
 */

import { signal } from './signal.ts';

export const FAULTS = [
  /** The server has answered; the answer is dropped and the connection reset. */
  'answer-lost',
  /** Half of the answer's body arrives. */
  'answer-cut',
  'answer-late',
  /** Half of the request's body arrives at the server; the connection is reset. */
  'request-cut',
  /** It arrives twice at the same time; the answer is that to the second. */
  'request-doubled',
  /** It is answered, and arrives again when a later push of the device was answered. */
  'request-repeated',
  /** The connection is reset, and it arrives only when a later push of the device was answered. */
  'request-overtaken',
  /** Something on the way answers with a page of its own, and status 200. */
  'portal',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Strike {
  readonly fault: Fault;
  /** The ops of the push that it caught, as `space actor clock`. */
  readonly caught: Promise<readonly string[]>;
  /** Lets the fault take its course; resolves when the browser has all that it will ever hear. */
  go(): Promise<void>;
}

/** The network's side of a strike. */
export interface Order {
  readonly strike: Strike;
  /** Does it to a push: `befall` waits for `held` at the point where the push is held. */
  carryOut(
    ops: readonly string[],
    befall: (held: () => Promise<void>) => Promise<void>,
  ): Promise<void>;
}

export function createOrder(fault: Fault): Order {
  const caught = signal<readonly string[]>();
  const letGo = signal<void>();
  const over = signal<void>();
  return {
    strike: {
      fault,
      caught: caught.promise,
      go() {
        letGo.resolve();
        return over.promise;
      },
    },
    async carryOut(ops, befall) {
      try {
        await befall(() => {
          caught.resolve(ops);
          return letGo.promise;
        });
        over.resolve();
      } catch (error) {
        caught.reject(error);
        over.reject(error);
        throw error;
      }
    },
  };
}
