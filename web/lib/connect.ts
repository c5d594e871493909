/** Opens an app's database: picks its host. The one file that decides where the engine runs. */
import type { Db, Options } from './api.ts';
import { createDatabase } from './database.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import { OffingError } from './errors.ts';
import type { Host } from './host.ts';
import type { Collections } from './schema.ts';
import { createWorkerHost } from './worker-host.ts';

/**
 * Returns at once: reads wait for the database, writes for the worker. Throws OffingError
 * `bad_schema` if the schema cannot be kept.
 */
export function connect<const C extends Collections>(options: Options<C>): Db<C> {
  const environment = browserEnvironment();
  return createDatabase(options, { environment, host: pickHost(options, environment) });
}

/** The place for a host in the page, where there can be no worker. */
function pickHost(
  { worker, door = 'auto' }: Pick<Options<Collections>, 'worker' | 'door'>,
  environment: Environment,
): Host {
  const container = environment.serviceWorker;
  if (!container) return nowhere;
  const script = typeof worker === 'string' ? { url: worker } : worker;
  return createWorkerHost({ environment, container, script, door });
}

const nowhere: Host = {
  ask: () =>
    Promise.reject(
      new OffingError(
        'unreachable',
        'This browser has no service workers here: a private window, or an address without https.',
      ),
    ),
  onNotice: () => () => {},
  onReplaced: () => () => {},
  update: null,
  close() {},
};
