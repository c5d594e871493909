/** The README's quick start, word for word, as an app of its own: its code must run. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { openServer } from '../../server/index.ts';
import { expect, test } from './support/fixtures.ts';

const root = join(import.meta.dirname, '../..');

/** The README's code blocks: the page's database, the worker, and a use of it. */
async function quickStart(): Promise<{ db: string; worker: string; use: string }> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const find = (mark: string) => {
    const block = blocks.find((text) => text.startsWith(`// ${mark}`));
    if (block === undefined) throw new Error(`The README has no block that begins with // ${mark}`);
    return block;
  };
  return { db: find('db.ts'), worker: find('worker.ts'), use: find('anywhere in the page') };
}

/** What the README leaves to the reader: showing the rows and the status, and an account to join. */
const READERS_PART = `
import { db } from './db';
const render = (rows) => (document.querySelector('ul').innerHTML = rows.map((row) => '<li>' + row.title).join(''));
const badge = (phase, pending) => (document.querySelector('output').textContent = phase + ' ' + pending);
globalThis.join = (token) => db.connectAccount({ url: location.origin, token });
`;
const PAGE = `<!doctype html><meta charset="utf-8"><title>Quick start</title>
<output></output><ul></ul><script type="module" src="/page.js"></script>`;

async function buildApp(folder: string): Promise<string> {
  const { db, worker, use } = await quickStart();
  const appDir = join(folder, 'app');
  await writeFile(join(folder, 'db.ts'), db);
  await writeFile(join(folder, 'worker.ts'), worker);
  const [first, ...rest] = use.split('db.live(');
  // The first half waits for the server, which is there once the device has joined.
  await writeFile(
    join(folder, 'page.ts'),
    `${READERS_PART}db.live(${rest.join('db.live(')}
    globalThis.write = async () => {${first} return write.synced; };`,
  );
  const bundle = (entry: string, format: 'es' | 'iife'): InlineConfig => ({
    configFile: false,
    root: folder,
    logLevel: 'error',
    define: { 'self.__WB_MANIFEST': '[]', 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: [
        { find: /^offing$/, replacement: join(root, 'dist/web/lib/index.js') },
        { find: /^offing\/worker$/, replacement: join(root, 'dist/sw/host/worker.js') },
        { find: /^offing\/app-shell$/, replacement: join(root, 'dist/sw/host/app-shell.js') },
      ],
    },
    build: {
      outDir: appDir,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(folder, `${entry}.ts`),
        output: { format, entryFileNames: `${entry}.js` },
      },
    },
  });
  await build(bundle('page', 'es'));
  await build(bundle('worker', 'iife'));
  await writeFile(join(appDir, 'index.html'), PAGE);
  return appDir;
}

test('[AP13] the README’s quick start is an app that keeps, shows and sends what is written', async ({
  page,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'offing-quick-start-'));
  const server = await openServer({ data: join(folder, 'data'), appDir: await buildApp(folder) });
  try {
    const account = await server.accounts.named('me');
    const token = await server.tokens.mint({ account: account.id, label: 'test' });
    await page.goto(server.url);
    await expect(page.locator('output')).toHaveText('idle 0');
    await page.evaluate(
      (secret) => (globalThis as never as { join(t: string): unknown }).join(secret),
      token,
    );
    const seq = await page.evaluate(() =>
      (globalThis as never as { write(): Promise<number> }).write(),
    );
    expect(seq).toBe(1);
    await expect(page.locator('li')).toHaveText(['Tent']);
    await page.reload();
    await expect(page.locator('li')).toHaveText(['Tent']);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
