/** The host in the service worker: one of two doors to ask through, and its messages to hear. */
import { isNotice, type Notice } from '../../core/index.ts';
import type { Options } from './api.ts';
import { createAppUpdate } from './app-update.ts';
import type { LateHost } from './choose-host.ts';
import { askAgain } from './door.ts';
import type { Environment } from './environment.ts';
import { fetchDoor } from './fetch-door.ts';
import { createEvents } from './observed.ts';
import { portDoor } from './port-door.ts';
import { createRegistration, type Script } from './registration.ts';
import type { Collections } from './schema.ts';

export interface WorkerHostOptions {
  readonly environment: Environment;
  readonly container: ServiceWorkerContainer;
  readonly script: Script;
  readonly door: NonNullable<Options<Collections>['door']>;
}

export function createWorkerHost({
  environment,
  container,
  script,
  door,
}: WorkerHostOptions): LateHost {
  const { update, follow, close } = createAppUpdate({
    environment,
    container,
    registration: () => registration.current,
  });
  const registration = createRegistration({
    environment,
    container,
    script,
    onRegistered: follow,
  });
  // Also where nothing is asked of it: registering brings new versions.
  registration.worker().catch(() => {});
  const notices = createEvents<Notice>();
  const replacements = createEvents<void>();

  const hear = ({ data }: MessageEvent<unknown>): void => {
    if (isNotice(data)) notices.emit(data);
  };
  const replaced = (): void => replacements.emit();
  container.addEventListener('message', hear);
  container.addEventListener('controllerchange', replaced);
  // Messages are held back until the page is parsed, or until somebody wants them.
  container.startMessages();

  return {
    reachable: async () => {
      await (door === 'fetch' ? registration.controlled() : registration.worker());
    },
    ask: askAgain(
      door === 'fetch'
        ? fetchDoor(environment, registration.controlled)
        : portDoor(environment, registration.worker),
    ),
    onNotice: (fn) => notices.subscribe(fn),
    onReplaced: (fn) => replacements.subscribe(fn),
    update,
    close() {
      close();
      container.removeEventListener('message', hear);
      container.removeEventListener('controllerchange', replaced);
    },
  };
}
