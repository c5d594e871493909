/**
 * The device engine: ports in, one handler out. It knows nothing of where it runs; a host gives it
 * the requests of pages, wakes it, and keeps its own context alive for what `afterwards` does.
 */
import {
  CHANNEL_VERSION,
  coalesce,
  QUIET_MS,
  STARTING,
  type Filling,
  type HostReply,
  type ParsedPageRequest,
  type SpaceId,
  type Status,
} from '../../core/index.ts';
import { createAccept } from './accept.ts';
import { AHEAD_SIZES } from './ahead-sizes.ts';
import { configured } from './app-config.ts';
import type { Absorbed } from './absorb.ts';
import type { Adopted } from './adopt.ts';
import { boundPorts } from './bounded-ports.ts';
import { connectDevice } from './connect-device.ts';
import { discard } from './discard.ts';
import { createDrain, type DrainHooks, type DrainOptions } from './drain.ts';
import type { DrainEnd } from './exchange.ts';
import { createGauge } from './gauge.ts';
import { letGo } from './former-writes.ts';
import { hello } from './hello.ts';
import { HostError } from './host-error.ts';
import { createPokeHearing } from './hear-pokes.ts';
import { createEar } from './listen.ts';
import { StorageError, type Ports } from './ports.ts';
import { createReplicaMemory } from './replica-memory.ts';
import { readOutcomes, readStatus } from './report.ts';
import { soon } from './soon.ts';
import { spaced } from './spaced.ts';
import { forgetAway } from './spaces.ts';
import { goOnAnew, startAnew } from './start-anew.ts';
import { unfolded } from './unfold.ts';
import { watchStore } from './watch-store.ts';

export interface Handled {
  readonly reply: HostReply;
  /** What the request set off: the host keeps its context alive for it, the page does not wait. */
  readonly afterwards?: Promise<unknown>;
}

export interface Engine {
  handle(request: ParsedPageRequest): Promise<Handled>;
  /** The bell has been heard: a drain like any other, unless all that it was rung for is sent. */
  answerBell(): Promise<DrainEnd>;
  /** Sends and fetches until there is no more of either; `force` disregards a retry's waiting time. */
  drain(options: DrainOptions): Promise<DrainEnd>;
  status(): Promise<Status>;
}

const BACK_WITHIN_MS = 2_000;

export function createEngine(given: Ports): Engine {
  const bounded = boundPorts(given);
  const watch = watchStore(bounded);
  const sizes = bounded.aheadSizes ?? AHEAD_SIZES;
  const ports = { ...bounded, store: unfolded(watch.accepting, sizes) };
  let draining = false;
  /** What the page that rang last shows. */
  let opened: readonly string[] = [];
  /** How much has come of what is being fetched to build a space anew, in this drain. */
  const fetching = new Map<SpaceId, Filling>();
  let last = STARTING;
  let lastTold = '';

  const gauge = createGauge(ports, () => void tellStatus().catch(() => undefined));

  const remember = createReplicaMemory(ports, () => void status().catch(() => undefined));

  async function status(): Promise<Status> {
    const { fault } = watch;
    const around = { syncing: draining, fetching, fault, figures: gauge.read(), last };
    const { status: now, marked, before } = await readStatus(ports, around);
    if (marked) await remember(marked, before);
    last = { ...now, lost: marked?.lost ?? now.lost };
    return last;
  }

  /** Reads the status and tells the pages, if it is news. */
  const tellStatus = coalesce(async () => {
    telling.begun();
    const now = await status();
    const text = JSON.stringify(now);
    if (text !== lastTold) {
      lastTold = text;
      await ports.broadcast.tell({ offing: CHANNEL_VERSION, type: 'status', status: now });
    }
    return now;
  });

  /**
   * What is on its way already need not be told first: an edit that reaches the server within a moment
   * is told once, as sent, and reading the status does not take turns with sending it.
   */
  const telling = soon(ports.clock, tellStatus);

  async function tellAbsorbed({
    applied,
    outcomes,
  }: Pick<Absorbed, 'applied' | 'outcomes'>): Promise<void> {
    for (const part of applied) {
      await ports.broadcast.tell({ offing: CHANNEL_VERSION, type: 'applied', ...part });
    }
    if (outcomes.length > 0) {
      await ports.broadcast.tell({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes });
    }
  }

  async function tellAdopted({ space, outcomes }: Adopted): Promise<void> {
    await ports.broadcast.tell({ offing: CHANNEL_VERSION, type: 'rebuilt', space });
    await tellAbsorbed({ applied: [], outcomes });
  }

  /** Whoever is left with something to send asks to be woken, in case nobody rings. */
  async function ringIfPending({ pending, account }: Status): Promise<void> {
    if (pending > 0 && account) await ports.bell.ring();
  }

  /** Something was just written. */
  async function ringIfConnected(): Promise<void> {
    const { connection } = await ports.session.load();
    if (connection) await ports.bell.ring();
  }

  /** Counts what may have added to the outbox, and how much of it was seen to be sent. */
  let handled = 0;
  let sent = -1;

  const onFilled = spaced(ports.clock, tellStatus);
  const hooks: DrainHooks = {
    onStart() {
      draining = true;
      void telling.ask();
    },
    onAbsorbed: tellAbsorbed,
    onFilled,
    onFetched(space, standing) {
      fetching.set(space, standing);
      return onFilled();
    },
    opened: () => opened,
    async onAdopted(adopted) {
      fetching.delete(adopted.space);
      await tellAdopted(adopted);
    },
    async onEnd() {
      draining = false;
      fetching.clear();
      const before = handled;
      const now = await tellStatus();
      sent = now.pending === 0 && now.account ? before : -1;
      await ringIfPending(now);
    },
  };
  const exchanging = { ...bounded, store: unfolded(watch.draining, sizes) };
  const drainOnce = createDrain(exchanging, hooks, watch);
  /** Over when all drains that were begun are. */
  let drained: Promise<unknown> = Promise.resolve();
  const drain: typeof drainOnce = (options) => {
    const run = drainOnce(options);
    drained = Promise.allSettled([drained, run]);
    return run;
  };

  // Pages that heard another engine's status may have to hear ours again, though it is what it was.
  ports.broadcast.onOthers?.(() => (lastTold = ''));

  const { accept, unfold } = createAccept(ports, watch.accepting);

  /** Of what nobody waits for: the next to come finds it still to do. */
  function storageFailed(error: unknown): Promise<Status> {
    if (!(error instanceof StorageError)) throw error;
    return tellStatus();
  }
  const onNews = () => void drain({ force: false }).catch(() => tellStatus());
  const onPoke = createPokeHearing(exchanging, {
    onNews,
    quiet: () => drained,
    async onAbsorbed(absorbed) {
      watch.hasStored();
      await tellAbsorbed(absorbed);
      await tellStatus();
    },
  });
  const ear = createEar(ports, {
    onOpen: onNews,
    onLost: () => void comeBack().catch(() => tellStatus()),
    onPoke: (poke) => void onPoke(poke),
  });

  /** A server that is started anew has lost every stream at the same moment. */
  async function comeBack(): Promise<void> {
    await ports.clock.wait(ports.random.fraction() * BACK_WITHIN_MS);
    await drain({ force: false });
    await ear.reopen();
  }

  /** Both at once; and the stream once more behind a drain that finds the way free again. */
  const drainAndListen = (options: DrainOptions) =>
    Promise.all([drain(options).then(() => ear.reopen()), ear.keepOpen()]);

  /**
   * The bell beside the drain: should this context die in the middle, something must call it back. A
   * live edit is sent within the moment: for that one the browser need not write down that it waits.
   */
  const ringing = soon(ports.clock, async () => {
    if (sent !== handled) await ringIfConnected();
  });
  const afterWrite = (sending = drain({ force: false })) =>
    Promise.all([sending, ringing.ask(), telling.ask()]);

  /** While it is typed on, only the last of its writes sets off a drain. */
  let typed = 0;
  async function afterTyping(): Promise<void> {
    const mine = ++typed;
    await Promise.all([ringing.ask(), telling.ask(), ports.clock.wait(QUIET_MS)]);
    if (mine === typed) await afterWrite();
  }

  const done = async (afterwards?: Promise<unknown>): Promise<Handled> => ({
    reply: { type: 'ok', status: await status() },
    ...(afterwards && { afterwards }),
  });

  async function carryOut(request: ParsedPageRequest): Promise<Handled> {
    switch (request.type) {
      case 'hello': {
        await hello(ports, request.config);
        return done(goOnAnew(ports));
      }
      case 'write': {
        const isTyping = request.ops.some(({ typing }) => typing);
        const accepting = accept(request);
        const sending = isTyping ? undefined : drain({ force: false, after: accepting });
        sending?.catch(() => undefined); // whoever waits for what comes afterwards hears of it
        const { receipts, isAhead } = await accepting;
        const afterwards = isTyping ? afterTyping() : afterWrite(sending);
        if (!isAhead) return { reply: { type: 'accepted', receipts }, afterwards };
        return {
          reply: { type: 'accepted', receipts, ahead: true },
          afterwards: Promise.all([unfold().catch(storageFailed), afterwards]),
        };
      }
      case 'unfold':
        await unfold();
        return done();
      case 'let-go':
        await letGo(ports, request.records);
        return done(tellStatus());
      case 'start-anew':
        await startAnew(ports, request);
        return done(Promise.all([tellStatus(), drain({ force: true })]));
      case 'discard':
        await discard(ports, request.ops);
        return done(tellStatus());
      case 'ring':
        if (request.open) opened = request.open;
        return done(drainAndListen({ force: request.reason !== 'poll' }));
      case 'sync-now':
        await ports.session.save({ retry: undefined });
        await drain({ force: true });
        return done(ear.keepOpen());
      case 'pause':
        await ports.session.save({ paused: true });
        ear.close();
        return done(tellStatus());
      case 'resume':
        await ports.session.save({ paused: undefined });
        return done(drainAndListen({ force: true }));
      case 'status':
        return done();
      case 'persistence-asked':
        await ports.session.save({ askedToPersist: true });
        gauge.forget();
        return done(tellStatus());
      case 'loss-seen':
        await ports.session.save({ lost: undefined });
        return done(tellStatus());
      case 'away-seen':
        await ports.store.write(forgetAway);
        return done(tellStatus());
      case 'connect':
        await connectDevice(ports, request);
        ear.close();
        return done(drainAndListen({ force: true }));
      case 'catch-up': {
        await configured(ports);
        const found = await readOutcomes(ports, request.rows);
        return { reply: { type: 'caught-up', status: await status(), ...found } };
      }
    }
  }

  async function handle(request: ParsedPageRequest): Promise<Handled> {
    try {
      return await carryOut(request);
    } catch (error) {
      if (error instanceof HostError) {
        return { reply: { type: 'error', code: error.code, detail: error.message } };
      }
      if (error instanceof StorageError) {
        const detail = 'The database on this device could not be used.';
        return { reply: { type: 'error', code: error.code, detail }, afterwards: tellStatus() };
      }
      throw error;
    } finally {
      // Behind it: who reads the status meanwhile sees what is there, or counts too few.
      if (request.type !== 'status' && request.type !== 'catch-up') handled++;
    }
  }

  async function answerBell(): Promise<DrainEnd> {
    // With a network the browser rings at once, in the middle of what the write itself has set off.
    await drained;
    return sent === handled ? { kind: 'done' } : drain({ force: true });
  }

  return { handle, drain, answerBell, status };
}
