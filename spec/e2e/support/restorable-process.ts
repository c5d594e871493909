/** A server process whose data can be put back, as an operator restores a backup. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offing, startServerProcess, type ServerProcess } from './server-process.ts';

export interface RestorableProcess {
  readonly server: Pick<ServerProcess, 'url' | 'token' | 'ops'>;
  backUp(): Promise<void>;
  /** With a new epoch. */
  restore(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startRestorableProcess(): Promise<RestorableProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'offing-restored-'));
  const [data, backup] = [join(folder, 'data'), join(folder, 'backup')];
  let running = await startServerProcess({ data });
  const { url, port } = running;

  async function between(work: () => Promise<unknown>): Promise<void> {
    await running.stop();
    await work();
    running = await startServerProcess({ data, port });
  }

  return {
    server: { url, token: (user) => running.token(user), ops: () => running.ops() },
    backUp: () => between(() => cp(data, backup, { recursive: true })),
    restore: () =>
      between(async () => {
        await rm(data, { recursive: true });
        await cp(backup, data, { recursive: true });
        await offing(data, 'epoch', 'new');
      }),
    async dispose() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
