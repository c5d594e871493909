/** The thread that builds one snapshot, on a connection of its own that only reads. */
import { parentPort, workerData } from 'node:worker_threads';
import type { SpaceId } from '../../core/index.ts';
import { openReading } from '../store/sqlite.ts';
import { buildSnapshot } from './build.ts';

/** What the thread is given. */
export interface Errand {
  readonly data: string;
  readonly space: SpaceId;
}

const { data, space } = workerData as Errand;
const { source, close } = openReading(data);
try {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has none.
  parentPort?.postMessage(await buildSnapshot(source, space));
} finally {
  close();
}
