/** Opens an app's database: names its hosts. The one file that decides where the engine may run. */
import type { Db, Options } from './api.ts';
import { chooseHost, type LateHost } from './choose-host.ts';
import { createDatabase } from './database.ts';
import { browserEnvironment, type Environment } from './environment.ts';
import { createNotices } from './notices.ts';
import type { Collections } from './schema.ts';
import { createWorkerHost } from './worker-host.ts';

/**
 * Returns at once: reads wait for the database, writes for the host. Throws OffingError `bad_schema`
 * if the schema cannot be kept.
 */
export function connect<const C extends Collections>(options: Options<C>): Db<C> {
  const environment = browserEnvironment();
  const notices = createNotices(environment);
  const host = chooseHost({
    environment,
    notices,
    worker: workerHost(options, environment),
    // Where there is a worker, nobody downloads the engine a second time.
    openStandIn: async (around) => {
      const { createStandIn } = await import('./page-host-stand-in.ts');
      return createStandIn(around);
    },
  });
  return createDatabase(options, { environment, host });
}

function workerHost(
  { worker, door = 'auto' }: Pick<Options<Collections>, 'worker' | 'door'>,
  environment: Environment,
): LateHost | null {
  const container = environment.serviceWorker;
  if (!container) return null;
  const script = typeof worker === 'string' ? { url: worker } : worker;
  return createWorkerHost({ environment, container, script, door });
}
