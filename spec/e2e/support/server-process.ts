/** A server as a person runs it: a process of its own, on a data directory of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

const cli = join(import.meta.dirname, '../../../dist/server/cli/main.js');
const run = promisify(execFile);

export interface LoggedOp {
  readonly space: string;
  readonly seq: number;
  readonly actor: string;
  readonly clock: number;
  readonly payload: string;
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Makes the user's token by the command line, beside the running server. */
  token(user: string): Promise<string>;
  /** Every op of every log, read from the database itself. */
  ops(): LoggedOp[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Stops it if it runs, and removes its data. */
  dispose(): Promise<void>;
}

export interface ServerProcessOptions {
  /** A directory to go on with; otherwise a new one. */
  readonly data?: string;
  readonly port?: number;
}

export async function startServerProcess(
  options: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'offing-e2e-')));
  const child = spawn(
    process.execPath,
    [cli, 'serve', '--data', data, '--port', String(options.port ?? 0)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await readyUrl(child);

  async function stop(): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  }

  return {
    url,
    port: Number(new URL(url).port),
    async token(user) {
      const { stdout } = await run(process.execPath, [
        cli,
        'token',
        'create',
        '--user',
        user,
        '--data',
        data,
      ]);
      return stdout.trim();
    },
    ops: () => readOps(data),
    stop,
    async dispose() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The address that the process prints when it answers requests. */
async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /listens on (http:\/\/\S+)/.exec(line);
    if (found?.[1]) {
      child.stdout.resume();
      return found[1];
    }
  }
  throw new Error('the server ended before it was ready');
}

function readOps(data: string): LoggedOp[] {
  const db = new Database(join(data, 'offing.db'), { readonly: true });
  try {
    return db
      .prepare<[], LoggedOp>(
        `SELECT space.id AS space, op.seq, actor.id AS actor, op.clock, op.payload
         FROM op JOIN space ON space.n = op.space JOIN actor ON actor.n = op.actor
         ORDER BY space.id, op.seq`,
      )
      .all();
  } finally {
    db.close();
  }
}
