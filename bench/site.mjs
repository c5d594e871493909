/** The site that the bench's devices visit: the real server, with a bare page in place of the app. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>bench</title><script src="/bench.js"></script>';

/**
 * Serves until `close`; the database is on disk, as a person's is.
 * @returns {Promise<{ url: string, newToken(): Promise<string>, close(): Promise<void> }>}
 */
export async function openSite() {
  const folder = await mkdtemp(join(tmpdir(), 'offing-bench-site-'));
  const appDir = join(folder, 'app');
  await cp(join(root, 'dist', 'app'), appDir, { recursive: true });
  await writeFile(join(appDir, 'index.html'), PAGE);
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: appDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(root, 'bench', 'page.ts'),
        output: { format: 'iife', entryFileNames: 'bench.js' },
      },
    },
  });
  const { openServer } = await import('../dist/server/index.js');
  const server = await openServer({ data: join(folder, 'data'), appDir });
  let users = 0;
  return {
    url: server.url,
    async newToken() {
      const account = await server.accounts.named(`user-${users++}`);
      return server.tokens.mint({ account: account.id, label: 'bench' });
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
