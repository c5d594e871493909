/** New versions of the app: says when one waits, and lets it take over when the person agrees. */
import type { AppUpdate } from './api.ts';
import type { Environment } from './environment.ts';
import { createObserved } from './observed.ts';

/** The part of Workbox that is used. */
export interface UpdatePrompt {
  addEventListener(type: 'waiting' | 'controlling', fn: () => void): void;
  messageSkipWaiting(): void;
}

export interface AppUpdateOptions {
  readonly environment: Environment;
  readonly prompt: UpdatePrompt;
  readonly registration: () => ServiceWorkerRegistration | null;
}

/** Browsers look for a new worker on navigations, and an installed app may see none for weeks. */
const CHECK_EVERY_MS = 3_600_000;

export function createAppUpdate({ environment, prompt, registration }: AppUpdateOptions) {
  const waits = createObserved(false);
  let isApplying = false;
  let checkedAt = environment.now();

  prompt.addEventListener('waiting', () => waits.set(true));

  const unlisten = environment.listen('visibilitychange', () => {
    // A clock that was set back must not put it off.
    const isChecked = Math.abs(environment.now() - checkedAt) < CHECK_EVERY_MS;
    if (!environment.isVisible() || isChecked) return;
    checkedAt = environment.now();
    // Offline it fails; the next time will do.
    registration()
      ?.update()
      .catch(() => {});
  });

  function apply(): void {
    if (isApplying) return; // a second click must not reload twice
    isApplying = true;
    const waiting = registration()?.waiting;
    // None waits any more: another page let it take over, and this one only has to follow.
    if (!waiting) return environment.reload();
    let isReloading = false;
    const reload = (): void => {
      if (!isReloading) environment.reload();
      isReloading = true;
    };
    prompt.addEventListener('controlling', reload);
    // A page that no worker controls is not told of a new controller.
    waiting.addEventListener('statechange', () => waiting.state === 'activated' && reload());
    prompt.messageSkipWaiting();
  }

  const update: AppUpdate = {
    get current() {
      return waits.current;
    },
    get ready() {
      return waits.current;
    },
    subscribe: (fn) => waits.subscribe(fn),
    apply,
  };
  return { update, close: unlisten };
}

/**
 * What the app is told of new versions: by the worker where there is one (it brings them), and by the
 * database, that another tab has opened with a newer one: then this page has only to be loaded anew.
 */
export function updateOf(environment: Environment, byWorker: AppUpdate | null) {
  const isReady = createObserved(byWorker?.current ?? false);
  byWorker?.subscribe((ready) => ready && isReady.set(true));
  const update: AppUpdate = {
    get current() {
      return isReady.current;
    },
    get ready() {
      return isReady.current;
    },
    subscribe: (fn) => isReady.subscribe(fn),
    apply() {
      if (byWorker?.ready) byWorker.apply();
      else if (isReady.current) environment.reload();
    },
  };
  return { update, found: () => isReady.set(true) };
}
