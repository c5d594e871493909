/** Starts a server to measure (variant.mjs) in a process of its own, on a data directory of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {'offing' | 'one-by-one' | 'bare'} Kind */
/** @typedef {Awaited<ReturnType<typeof startVariant>>} Variant */

/** @param {Kind} kind */
export async function startVariant(kind) {
  const data = await mkdtemp(join(tmpdir(), 'offing-bench-server-'));
  const script = join(import.meta.dirname, 'variant.mjs');
  const child = spawn(process.execPath, ['--expose-gc', script, kind, data], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { port, token } = /** @type {{ port: number, token: string }} */ (await next());
  return {
    port,
    token,
    /** Resident memory in bytes, after what can be collected is. @returns {Promise<number>} */
    async memory() {
      child.stdin.write('\n');
      return (await next()).rss;
    },
    /** Bytes of its database on disk, the write-ahead log included. */
    async diskBytes() {
      const names = await readdir(data);
      const sizes = await Promise.all(
        names.map(async (name) => (await stat(join(data, name))).size),
      );
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    async stop() {
      child.stdin.end();
      await new Promise((done) => child.once('exit', done));
      await rm(data, { recursive: true, force: true });
    },
  };
}
