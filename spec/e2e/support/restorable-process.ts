/** A server process whose data can be put back, by the commands that its operator has. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offing, startServerProcess, type ServerProcess } from './server-process.ts';

export interface RestorableProcess {
  readonly server: Pick<ServerProcess, 'url' | 'token' | 'ops'>;
  /** Beside the running server. */
  backUp(): Promise<void>;
  /** The newest backup. */
  restore(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startRestorableProcess(): Promise<RestorableProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'offing-restored-'));
  const [data, backups] = [join(folder, 'data'), join(folder, 'backups', '/')];
  let running = await startServerProcess({ data });
  const { url, port } = running;
  return {
    server: { url, token: (user) => running.token(user), ops: () => running.ops() },
    async backUp() {
      await offing(data, 'backup', backups);
    },
    async restore() {
      await running.stop();
      await offing(data, 'restore', backups);
      running = await startServerProcess({ data, port });
    },
    async dispose() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
