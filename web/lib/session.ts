/**
 * The page's side of the talk with the host: greets it, asks, hears its notices, and catches up on
 * those that were missed. Doesn't know which host it is, nor what the app does with any of it.
 */
import {
  CHANNEL_VERSION,
  isStalled,
  STARTING,
  type AppConfig,
  type HostReply,
  type Notice,
  type PageRequest,
  type Status,
} from '../../core/index.ts';
import type { Applied } from './api.ts';
import { OffingError } from './errors.ts';
import { Fates } from './fates.ts';
import type { Host } from './host.ts';
import { createEvents, createObserved } from './observed.ts';
import { Seen } from './seen.ts';

/** A host of an earlier version does not say all of it. */
const whole = (status: Status): Status => ({ ...STARTING, ...status });

type Body<R> = R extends unknown ? Omit<R, 'v'> : never;
/** A request without its version. */
export type Question = Body<PageRequest>;
type ReplyTo<Q extends Question> = Extract<
  HostReply,
  {
    type: Q['type'] extends 'write'
      ? 'accepted'
      : Q['type'] extends 'catch-up'
        ? 'caught-up'
        : 'ok';
  }
>;

interface Greeting {
  readonly done: Promise<void>;
  isDone: boolean;
}

export type Session = ReturnType<typeof createSession>;

export interface SessionOptions {
  readonly host: Host;
  readonly config: AppConfig;
  /** Wall time in ms. */
  readonly now: () => number;
}

export function createSession({ host, config, now }: SessionOptions) {
  const seen = new Seen();
  const fates = new Fates();
  const status = createObserved(STARTING);
  const applied = createEvents<Applied>();
  const missed = createEvents<void>();
  let greeting: Greeting | null = null;
  let catchingUp: Promise<void> | null = null;
  let missedMeanwhile = false;
  let isClosed = false;

  /** Resolves when this host knows the app and the page knows where it stands. */
  function greeted(): Promise<void> {
    if (!greeting) {
      const mine: Greeting = { isDone: false, done: greet() };
      greeting = mine;
      mine.done.then(
        () => (mine.isDone = true),
        // The next who asks tries again; unless another host is being greeted already.
        () => greeting === mine && (greeting = null),
      );
    }
    return greeting.done;
  }

  async function greet(): Promise<void> {
    await tell({ type: 'hello', config });
    await caughtUp();
  }

  /** Asks a host that has been greeted. Rejects with OffingError, whatever went wrong. */
  async function ask<Q extends Question>(question: Q): Promise<ReplyTo<Q>> {
    await greeted();
    try {
      return await tell(question);
    } catch (error) {
      // The host's own storage was cleared under it. Nothing was done, so it may be asked again.
      if (!(error instanceof OffingError) || error.code !== 'not_configured') throw error;
      greeting = null;
      await greeted();
      return tell(question);
    }
  }

  async function tell<Q extends Question>(question: Q): Promise<ReplyTo<Q>> {
    if (isClosed) throw new OffingError('closed', 'The database was closed.');
    const reply = await host.ask({ v: CHANNEL_VERSION, ...question }).catch(noteSilence);
    if (reply.type === 'error') throw new OffingError(reply.code, reply.detail);
    if (reply.type === 'accepted') return reply as ReplyTo<Q>;
    const said = whole(reply.status);
    show(said);
    return { ...reply, status: said } as ReplyTo<Q>;
  }

  function caughtUp(): Promise<void> {
    catchingUp ??= catchUp().finally(() => (catchingUp = null));
    return catchingUp;
  }

  async function catchUp(): Promise<void> {
    do {
      missedMeanwhile = false;
      const before = seen.view();
      const reply = await tell({ type: 'catch-up', rows: fates.awaited() });
      fates.note(reply.outcomes);
      // A host of an earlier version has built nothing anew.
      const { cursors, rebuilt = {} } = reply;
      if (seen.catchUp({ seen: cursors, rebuilt }, before)) missed.emit();
    } while (missedMeanwhile);
  }

  function hear(notice: Notice): void {
    switch (notice.type) {
      case 'status':
        return show(whole(notice.status));
      case 'outcomes':
        return fates.note(notice.outcomes);
      case 'applied':
        if (!seen.follow(notice)) {
          // An answer that is under way may have been given before this notice.
          missedMeanwhile = true;
          wake();
        }
        return applied.emit(notice);
      case 'rebuilt':
        missedMeanwhile = true;
        return wake();
    }
  }

  /** What a host that does not answer said last must not go on looking well. */
  function noteSilence(error: unknown): never {
    const { current } = status;
    if (!current.stalled && isStalled(current, now())) status.set({ ...current, stalled: true });
    throw error;
  }

  function show(next: Status): void {
    const isLoss = next.lost && next.lost.at !== status.current.lost?.at;
    status.set(next);
    // Who waits for a write that went with it is to hear that.
    if (isLoss && fates.awaited().length > 0) wake();
  }

  /** Catches up with the host; greets it first where that is still to do. */
  function wake(): void {
    if (isClosed) return;
    const done = greeting?.isDone ? caughtUp() : greeted();
    // Nobody waits for it: the next focus, notice or write asks again.
    done.catch(() => {});
  }

  function close(): void {
    isClosed = true;
    for (const stop of unlisten) stop();
    host.close();
  }

  const unlisten = [
    host.onNotice(hear),
    host.onReplaced(() => {
      greeting = null;
      wake();
    }),
  ];

  return {
    seen,
    fates,
    status,
    applied,
    /** Fires when a catch-up brought to light that notices were missed. */
    missed,
    greeted,
    ask,
    wake,
    close,
  };
}
