/** Two devices of one account, in a project that may or may not let them have workers. */
import { test, type DevicePage } from './fixtures.ts';
import type { ServerProcess } from './server-process.ts';

/** Without one, only a page that is open goes on offline: it cannot be loaded again. */
export const hasWorker = (): boolean => test.info().project.use.serviceWorkers !== 'block';

/** Both connected and idle. */
export async function pair(
  server: ServerProcess,
  newDevice: () => Promise<DevicePage>,
): Promise<readonly [DevicePage, DevicePage]> {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, b] = [await newDevice(), await newDevice()];
  for (const { app } of [a, b]) {
    await app.connect(link);
    if (hasWorker()) await app.whenControlled();
  }
  return [a, b];
}
