/**
 * The server as a process that is killed again and again, on one data directory and one port. The
 * moment of a kill is aimed: at any time, at a commit that is being written, or at the start.
 */
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import {
  createToken,
  spawnServer,
  startServerProcess,
  type ServerProcess,
} from '../e2e/support/server-process.ts';
import type { Random } from '../support/random.ts';
import { Gate } from './gate.ts';
import { hasTornCommit } from './torn-commit.ts';

/** `commit`: when the log of the database has just been written to. */
export const AIMS = ['any time', 'commit', 'start'] as const;
export type Aim = (typeof AIMS)[number];

const LONGEST_LIFE_MS = 250;
const LONGEST_START_MS = 500;
const MOST_WRITES_SURVIVED = 40;

export class MortalServer {
  readonly data: string;
  readonly url: string;
  readonly up = new Gate();
  readonly kills: Record<Aim, number> = { 'any time': 0, commit: 0, start: 0 };
  /** Kills in mid-commit: they left the half of it behind. */
  torn = 0;
  readonly #port: number;
  #running: ServerProcess | null = null;

  private constructor(data: string, port: number) {
    this.data = data;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async create(): Promise<MortalServer> {
    return new MortalServer(await mkdtemp(join(tmpdir(), 'offing-crash-')), await freePort());
  }

  token = (user: string): Promise<string> => createToken(this.data, user);

  /** Resolves when it listens. Nobody is told yet: whoever opens `up` may look at the data first. */
  async start(): Promise<void> {
    this.#running = await startServerProcess({ data: this.data, port: this.#port });
  }

  /** Kills it while it serves, at a moment of chance. */
  async kill(aim: Exclude<Aim, 'start'>, random: Random): Promise<void> {
    if (aim === 'commit') await this.#written(1 + random.below(MOST_WRITES_SURVIVED));
    else await after(random.below(LONGEST_LIFE_MS));
    this.up.shut();
    await this.#running?.kill();
    this.#running = null;
    this.kills[aim] += 1;
    if (hasTornCommit(this.data)) this.torn += 1;
  }

  /** Starts it, and kills it while it starts or right after. */
  async killInStart(random: Random): Promise<void> {
    const child = spawnServer({ data: this.data, port: this.#port });
    const ended = once(child, 'exit');
    await after(random.below(LONGEST_START_MS));
    child.kill('SIGKILL');
    await ended;
    this.kills.start += 1;
  }

  async dispose(): Promise<void> {
    this.up.shut();
    await this.#running?.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Until the write-ahead log was seen to be written so many times. */
  async #written(times: number): Promise<void> {
    const watcher = watch(join(this.data, 'offing.db-wal'));
    try {
      for (let i = 0; i < times; i++) await once(watcher, 'change');
    } finally {
      watcher.close();
    }
  }
}

/**
 * Below the ports that a system gives to clients: whoever asks while nobody listens could otherwise be
 * given this very port, reach itself, and keep the server from it.
 */
async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 5000); ; port++) {
    const server = createServer();
    const listening = new Promise<boolean>((done) => {
      server.once('error', () => done(false)).once('listening', () => done(true));
    });
    server.listen(port, '127.0.0.1');
    if (!(await listening)) continue;
    const { port: free } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return free;
  }
}
