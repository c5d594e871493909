/** The pages that the bench's devices visit: for each contestant one script, bundled as an app's would be. */
import { access, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const peers = join(import.meta.dirname, 'peers');
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>bench</title><script src="/bench.js"></script>';

/** @typedef {Awaited<ReturnType<typeof openSite>>} Site */

export async function openSite() {
  const folder = await mkdtemp(join(tmpdir(), 'offing-bench-site-'));
  /** @type {Map<string, Promise<string>>} */
  const built = new Map();
  return {
    /** The folder of a contestant's page; it is built once. @param {string} name */
    pagesOf(name) {
      const pages = built.get(name) ?? buildPages(name, join(folder, name));
      built.set(name, pages);
      return pages;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @param {string} name @param {string} into */
async function buildPages(name, into) {
  // Offing's worker carries the list of the app's files, and fetches them.
  if (name === 'offing') await cp(join(root, 'dist', 'app'), into, { recursive: true });
  await mkdir(into, { recursive: true });
  await writeFile(join(into, 'index.html'), PAGE);
  const worker = join(peers, `${name}.worker.ts`);
  if (await isThere(worker)) await bundle(worker, into, 'worker.js');
  await bundle(`bench-of-${name}`, into, 'bench.js', [entryOf(name)]);
  return into;
}

/** @param {string} file */
const isThere = (file) =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * The script of a page is two lines that nobody has to write for each contestant.
 * @param {string} name
 * @returns {import('vite').Plugin}
 */
function entryOf(name) {
  const id = `bench-of-${name}`;
  return {
    name: 'bench-entry',
    resolveId: (asked) => (asked === id ? id : undefined),
    load: (asked) =>
      asked === id
        ? `import { contestant } from ${JSON.stringify(join(peers, `${name}.page.ts`))};
           import { drive } from ${JSON.stringify(join(import.meta.dirname, 'page', 'drive.ts'))};
           globalThis.bench = drive(contestant);`
        : undefined,
  };
}

/** @param {string} input @param {string} outDir @param {string} fileName @param {import('vite').Plugin[]} [plugins] */
async function bundle(input, outDir, fileName, plugins = []) {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    plugins,
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2023',
      rolldownOptions: {
        input,
        output: { format: 'iife', entryFileNames: fileName, codeSplitting: false },
      },
    },
  });
}
