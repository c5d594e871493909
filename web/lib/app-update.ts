/** New versions of the app: says when one waits, and lets it take over when the person agrees. */
import type { AppUpdate } from './api.ts';
import type { Environment } from './environment.ts';
import { createObserved } from './observed.ts';

export interface AppUpdateOptions {
  readonly environment: Environment;
  readonly container: ServiceWorkerContainer;
  readonly registration: () => ServiceWorkerRegistration | null;
}

/** Browsers look for a new worker on navigations, and an installed app may see none for weeks. */
const CHECK_EVERY_MS = 3_600_000;
/** One that is installed may go on by itself, as the first does: so long to see that it waits. */
const GOES_ON_WITHIN_MS = 200;

/** The message that lets a waiting worker take over; Workbox's workers know it too. */
const SKIP_WAITING = { type: 'SKIP_WAITING' };

export function createAppUpdate({ environment, container, registration }: AppUpdateOptions) {
  const waits = createObserved(false);
  let isApplying = false;
  let checkedAt = environment.now();

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

  /** Hears of the versions that this registration brings, from the one on that it has already. */
  function follow(followed: ServiceWorkerRegistration): void {
    if (followed.waiting) waits.set(true);
    const look = (): void => {
      const coming = followed.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state !== 'installed') return;
        environment.after(GOES_ON_WITHIN_MS, () => {
          if (followed.waiting === coming) waits.set(true);
        });
      });
    };
    followed.addEventListener('updatefound', look);
    look();
  }

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
    container.addEventListener('controllerchange', reload);
    // A page that no worker controls is not told of a new controller.
    waiting.addEventListener('statechange', () => waiting.state === 'activated' && reload());
    waiting.postMessage(SKIP_WAITING, []);
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
  return { update, follow, close: unlisten };
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
