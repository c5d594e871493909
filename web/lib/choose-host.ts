/**
 * Which host the page talks to: the worker where there is one in time, otherwise a stand-in in the
 * page itself, which is loaded then, and hands over to a worker that appears. Knows neither of them
 * but as hosts.
 */
import type { HostPlace } from './api.ts';
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';
import type { Host } from './host.ts';
import type { Notices } from './notices.ts';
import { createEvents, createObserved, type Source } from './observed.ts';

/** A host that there may be only later. */
export interface LateHost extends Host {
  /** Resolves once it can be asked; rejects where it cannot for now. */
  reachable(): Promise<void>;
}

/** What the stand-in is told of the world around it. */
export interface StandInFor {
  readonly environment: Environment;
  readonly notices: Notices;
  /** Whose place it takes; null where there can never be one. */
  readonly worker: LateHost | null;
  /** The waiting for it that took too long, or has failed. */
  readonly reaching: Promise<void>;
  /** The worker answers from now on. */
  onHandedOver(): void;
}

export interface ChooseHostOptions extends Pick<StandInFor, 'environment' | 'notices' | 'worker'> {
  /** Loads the stand-in and opens it. */
  readonly openStandIn: (around: StandInFor) => Promise<Host>;
}

/**
 * An install mostly takes well under a second. Longer is a slow line or a server that hangs, and then
 * nobody should have to wait for what does not need it: a page is as good a host while it is open.
 */
export const WORKER_WITHIN_MS = 3_000;

export function chooseHost(
  options: ChooseHostOptions,
): Host & { readonly place: Source<HostPlace> } {
  const { environment, worker, notices, openStandIn } = options;
  const replaced = createEvents<void>();
  const place = createObserved<HostPlace>({ in: null });
  let choice: Promise<Host> | null = null;
  let standIn: Host | null = null;
  let isClosed = false;

  async function choose(): Promise<Host> {
    const reaching = worker
      ? worker.reachable()
      : Promise.reject(new OffingError('unreachable', 'There are no service workers here.'));
    try {
      await inTime(environment, reaching);
    } catch (error) {
      return openInPage(reaching, whyOf(error));
    }
    place.set({ in: 'worker' });
    return worker as Host;
  }

  async function openInPage(reaching: Promise<void>, why: OffingError): Promise<Host> {
    const onHandedOver = (): void => {
      place.set({ in: 'worker' });
      replaced.emit();
    };
    try {
      standIn = await openStandIn({ environment, notices, worker, reaching, onHandedOver });
    } catch (cause) {
      const detail = 'There is no service worker, and what takes its place could not be loaded.';
      throw new OffingError('unreachable', detail, { cause });
    }
    place.set({ in: 'page', why });
    if (isClosed) standIn.close();
    return standIn;
  }

  // The first worker of all claims the page; a stand-in greets it when it hands over.
  const unlisten = worker?.onReplaced(() => place.current.in !== 'page' && replaced.emit());

  return {
    place,
    async ask(request) {
      choice ??= choose().catch((error: unknown) => {
        choice = null; // the next who asks tries again
        throw error;
      });
      return (await choice).ask(request);
    },
    onNotice(fn) {
      const stop = notices.subscribe((notice) => {
        // What a page says of itself (that changes leave only while it is open) is not so of a worker.
        if (notice.type !== 'status' || place.current.in !== 'worker') fn(notice);
      });
      const stopWorker = worker?.onNotice(fn);
      return () => {
        stop();
        stopWorker?.();
      };
    },
    onReplaced: (fn) => replaced.subscribe(fn),
    update: worker?.update ?? null,
    close() {
      isClosed = true;
      unlisten?.();
      standIn?.close();
      worker?.close();
      notices.close();
    },
  };
}

/** What the browser throws itself is the cause. */
const whyOf = (error: unknown): OffingError =>
  error instanceof OffingError
    ? error
    : new OffingError('unreachable', 'Service workers are refused here.', { cause: error });

function inTime(environment: Environment, reaching: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new OffingError('unreachable', 'No service worker was ready in time.'));
    const cancel = environment.after(WORKER_WITHIN_MS, late);
    reaching.then(resolve, reject).finally(cancel);
  });
}
