/**
 * Owns what makes a run differ from the next: macrotasks, timers and time. While it is installed and
 * somebody's turn is on, `setImmediate` and `setTimeout` are queues of its own, one for each owner
 * (a device with its disk, or the server). A turn runs its owner's tasks one after the other, and
 * lets everything that follows from each, promises that is, come to rest before the next.
 */

import { quickClone } from '../support/quick-clone.ts';

/** A device by its number, or the server. */
export type Owner = number;
export const SERVER: Owner = -1;

/** Wall time at the start of every run, in ms. */
export const BEGINNING = Date.UTC(2026, 0, 5, 8);

interface Timer {
  readonly id: number;
  readonly owner: Owner;
  readonly due: number;
  readonly fn: () => void;
}

/** What code that was given a timer may do with it. */
interface Handle {
  readonly timer: number;
  unref(): Handle;
  ref(): Handle;
}

const real = {
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  structuredClone: globalThis.structuredClone,
};

export class Scheduler {
  now = BEGINNING;
  readonly #queues = new Map<Owner, (() => void)[]>();
  #timers: Timer[] = [];
  #turn: Owner | undefined;
  /** Called as a turn begins, and with nobody's as it ends. */
  onTurn: (owner: Owner | undefined) => void = () => {};
  #ids = 0;

  /** Takes the globals over; returns how to give them back. */
  install({ stacks }: { stacks: boolean }): () => void {
    const setImmediate = (fn: (...args: unknown[]) => void, ...args: unknown[]) =>
      this.#turn === undefined
        ? real.setImmediate(fn, ...args)
        : this.post(this.#turn, () => fn(...args));
    const setTimeout = (fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      this.#turn === undefined
        ? real.setTimeout(fn, ms, ...args)
        : this.#later(this.#turn, ms, () => fn(...args));
    const clearTimeout = (handle: unknown) => {
      if (isHandle(handle)) this.#timers = this.#timers.filter(({ id }) => id !== handle.timer);
      else real.clearTimeout(handle as NodeJS.Timeout);
    };
    // What is done again and again is no one's task here: a stream's pings, and its looks at its token.
    const setInterval = (...args: Parameters<typeof real.setInterval>) =>
      this.#turn === undefined ? real.setInterval(...args) : handleOf(0);
    const clearInterval = (handle: unknown) => {
      if (!isHandle(handle)) real.clearInterval(handle as NodeJS.Timeout);
    };
    Object.assign(globalThis, {
      setInterval,
      clearInterval,
      setImmediate,
      setTimeout,
      clearTimeout,
      structuredClone: quickClone,
    });
    const { stackTraceLimit } = Error;
    // IndexedDB makes an error for each index that a row is not in: stacks would be most of their cost.
    if (!stacks) Error.stackTraceLimit = 0;
    return () => {
      Object.assign(globalThis, real);
      Error.stackTraceLimit = stackTraceLimit;
    };
  }

  /** A task of `owner`, behind those it has. */
  post(owner: Owner, task: () => void): void {
    const queue = this.#queues.get(owner);
    if (queue) queue.push(task);
    else this.#queues.set(owner, [task]);
  }

  /** A promise that resolves about `ms` later, for whoever's turn it is. */
  wait(ms: number): Promise<void> {
    const owner = this.#turn ?? SERVER;
    return new Promise((resolve) => this.#later(owner, ms, resolve));
  }

  isQuiet(owner: Owner): boolean {
    return (this.#queues.get(owner)?.length ?? 0) === 0;
  }

  /** What an owner was about to do is not done: it was killed. */
  forget(owner: Owner): void {
    this.#queues.delete(owner);
    this.#timers = this.#timers.filter((timer) => timer.owner !== owner);
  }

  /** Runs `begin` and then the owner's tasks, at most `most` of them, or until it rests. */
  async turn(owner: Owner, begin: () => void = () => {}, most = Infinity): Promise<void> {
    this.#turn = owner;
    this.onTurn(owner);
    try {
      begin();
      await rest();
      for (let done = 0; done < most; done++) {
        const task = this.#queues.get(owner)?.shift();
        if (!task) return;
        task();
        await rest();
      }
    } finally {
      this.#turn = undefined;
      this.onTurn(undefined);
    }
  }

  /** Lets time pass, and each timer that is due on the way act, with all that follows from it. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const next = this.#nextTimer(until);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.due);
      await this.turn(next.owner, next.fn);
    }
    this.now = until;
  }

  #nextTimer(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > until) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.id < next.id))
        next = timer;
    }
    return next;
  }

  #later(owner: Owner, ms: number, fn: () => void): Handle {
    const id = ++this.#ids;
    this.#timers.push({ id, owner, due: this.now + Math.max(0, ms), fn });
    return handleOf(id);
  }
}

function handleOf(timer: number): Handle {
  const handle: Handle = { timer, unref: () => handle, ref: () => handle };
  return handle;
}

const isHandle = (handle: unknown): handle is Handle =>
  typeof handle === 'object' && handle !== null && 'timer' in handle;

/** Resolves when no promise has anything left to do: Node runs them all before its next macrotask. */
const rest = (): Promise<void> => new Promise((resolve) => void real.setImmediate(resolve));
