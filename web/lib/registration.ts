/**
 * The service worker's registration: which worker to ask, and when one controls the page. Doesn't
 * know what is said to the worker.
 */
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';

export interface Script {
  readonly url: string;
  readonly scope?: string;
}

export interface Registration {
  /** The worker to ask just now. Rejects with `unreachable` where there can be none. */
  readonly worker: () => Promise<ServiceWorker>;
  /** Resolves once a worker controls the page. Rejects likewise. */
  readonly controlled: () => Promise<void>;
  /** Null until there is one. */
  readonly current: ServiceWorkerRegistration | null;
}

/** How long to wait for a sign of life: of the registration, or of control over the page. */
export const SIGN_WITHIN_MS = 10_000;

export interface RegistrationOptions {
  readonly environment: Environment;
  readonly container: ServiceWorkerContainer;
  readonly script: Script;
  /** Called once, with what registering gave. */
  readonly onRegistered: (registration: ServiceWorkerRegistration) => void;
}

export function createRegistration(options: RegistrationOptions): Registration {
  const { environment, container, script } = options;
  let current: ServiceWorkerRegistration | null = null;
  let registering: Promise<ServiceWorkerRegistration> | null = null;
  let finding: Promise<ServiceWorker> | null = null;

  async function find(): Promise<ServiceWorker> {
    registering ??= register(options).catch((error: unknown) => {
      registering = null; // the next who asks tries again
      throw error;
    });
    registering.catch(() => {}); // where a worker is there already, nobody waits for it
    // Registering waits behind an update check that may be under way, and so for the network. A
    // worker that is there already can be asked at once.
    const existing = await container.getRegistration(script.scope);
    current =
      existing && isActive(existing, script) ? existing : await inTime(environment, registering);
    return whenActive(current);
  }

  async function worker(): Promise<ServiceWorker> {
    // Asked for each time: after an update another worker is the active one.
    const active = current?.active;
    if (active && active.state !== 'redundant') return active;
    finding ??= find().finally(() => (finding = null));
    return finding;
  }

  async function controlled(): Promise<void> {
    if (container.controller) return;
    await worker();
    await inTime(environment, whenControlled(container));
  }

  return {
    worker,
    controlled,
    get current() {
      return current;
    },
  };
}

async function register({ container, script, onRegistered }: RegistrationOptions) {
  const { url, scope } = script;
  let registration: ServiceWorkerRegistration | undefined;
  try {
    registration = await container.register(url, scope === undefined ? {} : { scope });
  } catch (cause) {
    throw new OffingError('unreachable', `No service worker from ${url}.`, { cause });
  }
  // Whatever the types say: where it is blocked, it may come to nothing.
  if (!registration) throw new OffingError('unreachable', 'Service workers are blocked here.');
  onRegistered(registration);
  return registration;
}

/** Whether the registration has a worker of this very script. */
const isActive = ({ active }: ServiceWorkerRegistration, { url }: Script): boolean =>
  active !== null && new URL(url, active.scriptURL).href === active.scriptURL;

/** The first install may take long on a slow line: it is waited for as long as it goes on. */
async function whenActive(registration: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const coming = registration.active ?? registration.waiting ?? registration.installing;
  if (!coming) throw new OffingError('unreachable', 'The service worker was unregistered.');
  return new Promise((resolve, reject) => {
    const look = (): void => {
      // What is posted to one that is still activating waits there until it is done.
      if (coming.state === 'activating' || coming.state === 'activated') resolve(coming);
      else if (coming.state !== 'redundant') return;
      else reject(new OffingError('unreachable', 'The service worker could not be installed.'));
      coming.removeEventListener('statechange', look);
    };
    coming.addEventListener('statechange', look);
    look();
  });
}

const whenControlled = (container: ServiceWorkerContainer): Promise<void> =>
  new Promise((resolve) => {
    // It may have taken control while its activation was waited for.
    if (container.controller) resolve();
    container.addEventListener('controllerchange', () => resolve(), { once: true });
  });

function inTime<T>(environment: Environment, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new OffingError('unreachable', 'No service worker in time.'));
    const cancel = environment.after(SIGN_WITHIN_MS, late);
    promise.then(resolve, reject).finally(cancel);
  });
}
