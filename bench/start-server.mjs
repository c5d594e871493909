/** Starts a contestant's server (server-process.mjs), on a data directory of its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STARTS_WITHIN_MS = 20_000;

/** @typedef {Awaited<ReturnType<typeof startServer>>} RunningServer */

/** @param {string} name of the contestant @param {string} pageDir */
export async function startServer(name, pageDir) {
  const data = await mkdtemp(join(tmpdir(), 'offing-bench-server-'));
  const script = join(import.meta.dirname, 'server-process.mjs');
  const child = fork(script, [name, data, pageDir], {
    execArgv: ['--expose-gc', '--no-warnings'],
    // What peers say on their standard output is not the bench's.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    cwd: data,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  /** @type {Map<number, { resolve: (value: number) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  const gone = new Promise((done) => child.once('exit', done));
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`the server of ${name} ended`));
  });
  let ids = 0;

  /** @param {'count' | 'memory' | 'bytes' | 'has'} what @param {number} [items] @returns {Promise<number>} */
  const ask = (what, items) =>
    new Promise((resolve, reject) => {
      const id = ids++;
      waiting.set(id, { resolve, reject });
      child.send({ id, ask: what, items });
    });

  const [ready] = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(STARTS_WITHIN_MS) }),
    gone.then(() => Promise.reject(new Error(`the server of ${name} did not start`))),
  ]);
  const { port, token } = /** @type {{ port: number, token: string }} */ (ready);
  child.on('message', (/** @type {{ id: number, value: number, error?: string }} */ answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(answer.error));
  });

  return {
    port,
    token,
    url: `http://127.0.0.1:${port}`,
    count: () => ask('count'),
    /** Resolves with the wall time at which it has that many. @param {number} items */
    has: (items) => ask('has', items),
    memory: () => ask('memory'),
    /** Bytes sent so far, headers and all. */
    bytesSent: () => ask('bytes'),
    async diskBytes() {
      const names = await readdir(data, { recursive: true });
      const sizes = await Promise.all(
        names.map(async (name) => (await stat(join(data, name))).size),
      );
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
      await rm(data, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
