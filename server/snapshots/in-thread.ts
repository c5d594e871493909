/** Builds snapshots off the event loop: one thread for each, which leaves nothing in memory. */
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SpaceId } from '../../core/index.ts';
import { packageRoot } from '../package-root.ts';
import type { Built } from './build.ts';
import type { Errand } from './worker.ts';

/** Its built form: a thread cannot run a source. */
const WORKER = join(packageRoot, 'dist', 'server', 'snapshots', 'worker.js');

/** Rejects with what the thread threw, and when `signal` ends it. */
export const buildInThread =
  (data: string) =>
  async (space: SpaceId, signal: AbortSignal): Promise<Built> => {
    const errand: Errand = { data, space };
    const worker = new Worker(WORKER, { workerData: errand });
    try {
      const [built] = (await once(worker, 'message', { signal })) as [Built];
      return built;
    } finally {
      await worker.terminate();
    }
  };
