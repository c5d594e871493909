/** A server as a person runs it: a process of its own, on a data directory of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

const cli = join(import.meta.dirname, '../../../dist/server/cli/main.js');
const run = promisify(execFile);

export interface LoggedOp {
  readonly space: string;
  readonly seq: number;
  readonly actor: string;
  readonly clock: number;
  readonly base: number;
  readonly payload: string;
}

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Resolves with what it has printed, on either stream, once that matches. */
  printed(what: RegExp): Promise<string>;
  /** Makes the user's token by the command line, beside the running server. */
  token(user: string): Promise<string>;
  /** Every op of every log, read from the database itself. */
  ops(): LoggedOp[];
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. Its data stay. */
  kill(): Promise<void>;
  /** Stops it if it runs, and removes its data. */
  dispose(): Promise<void>;
}

export interface ServerProcessOptions {
  /** A directory to go on with; otherwise a new one. */
  readonly data?: string;
  readonly port?: number;
  /** More of the command line. */
  readonly args?: readonly string[];
}

export async function startServerProcess(
  options: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'offing-e2e-')));
  const child = spawnServer({ ...options, data });
  const printed = outputOf(child);
  const [, url = ''] = /listens on (\S+)/.exec(await printed(/listens on \S+\n/)) ?? [];

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (isAlive(child)) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  }
  const stop = () => end('SIGTERM');

  return {
    url,
    port: Number(new URL(url).port),
    printed,
    token: (user) => createToken(data, user),
    ops: () => readOps(data),
    stop,
    async kill() {
      await end('SIGKILL');
    },
    async dispose() {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** The process alone, which is not up yet. */
export const spawnServer = ({
  data,
  port = 0,
  args = [],
}: ServerProcessOptions & { data: string }) =>
  spawn(process.execPath, [cli, 'serve', '--data', data, '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Runs another command on a data directory, and gives what it printed. */
export async function offing(data: string, ...command: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [cli, ...command, '--data', data]);
  return stdout.trim();
}

export const createToken = (data: string, user: string): Promise<string> =>
  offing(data, 'token', 'create', '--user', user);

const isAlive = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

/** Collects what the process prints, and waits for something in it; its errors are passed on too. */
function outputOf(child: ChildProcess): ServerProcess['printed'] {
  let text = '';
  const news = new EventEmitter();
  const hear = (chunk: string): void => {
    text += chunk;
    news.emit('more');
  };
  child.stdout?.setEncoding('utf8').on('data', hear);
  child.stderr?.setEncoding('utf8').on('data', hear).pipe(process.stderr);
  child.once('close', () => news.emit('more'));
  return async function printed(what) {
    while (!what.test(text)) {
      if (!isAlive(child)) throw new Error(`the server ended, and had printed: ${text}`);
      await once(news, 'more');
    }
    return text;
  };
}

function readOps(data: string): LoggedOp[] {
  const db = new Database(join(data, 'offing.db'), { readonly: true });
  try {
    return db
      .prepare<[], LoggedOp>(
        `SELECT space.id AS space, op.seq, actor.id AS actor, op.clock, op.base, op.payload
         FROM op JOIN space ON space.n = op.space JOIN actor ON actor.n = op.actor
         ORDER BY space.id, op.seq`,
      )
      .all();
  } finally {
    db.close();
  }
}
