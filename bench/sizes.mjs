/** Bytes that an app downloads for the layer: minified and gzipped, whole and beyond Dexie. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * What is loaded at once, and what only where it is needed.
 * @param {string} entry a source file, relative to the project
 * @param {readonly string[]} external packages left out
 */
export async function gzipSizes(entry, external) {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: join(root, entry),
        external: [...external],
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  });
  const { output } = /** @type {import('vite').Rolldown.RolldownOutput} */ (result);
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
  /** @param {string} fileName @returns {string[]} */
  const withImports = (fileName) => [
    fileName,
    ...(chunks.get(fileName)?.imports ?? []).flatMap(withImports),
  ];
  const first = [...chunks.values()].find((chunk) => chunk.isEntry);
  const atOnce = new Set(first ? withImports(first.fileName) : []);
  const size = (/** @type {Iterable<string>} */ names) =>
    [...names]
      .map((name) => gzipSync(chunks.get(name)?.code ?? '', { level: 9 }).length)
      .reduce((sum, bytes) => sum + bytes, 0);
  return {
    atOnce: size(atOnce),
    later: size([...chunks.keys()].filter((name) => !atOnce.has(name))),
  };
}

/** In bytes. */
export async function measureSizes() {
  const page = await gzipSizes('web/lib/index.ts', ['dexie']);
  return {
    pageBeyondDexie: page.atOnce,
    pageWhole: (await gzipSizes('web/lib/index.ts', [])).atOnce,
    pageHost: page.later,
    workerBeyondDexie: (await gzipSizes('sw/host/worker.ts', ['dexie'])).atOnce,
    workerWhole: (await gzipSizes('sw/host/worker.ts', [])).atOnce,
  };
}
