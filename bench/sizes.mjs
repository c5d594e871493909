/** Bytes that an app downloads for the layer: minified and gzipped, whole and beyond Dexie. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * @param {string} entry a source file, relative to the project
 * @param {readonly string[]} external packages left out
 */
async function gzipSize(entry, external) {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: join(root, entry),
        external: [...external],
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  const { output } = /** @type {import('vite').Rolldown.RolldownOutput} */ (result);
  const code = output.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  return gzipSync(code, { level: 9 }).length;
}

/** In bytes. */
export async function measureSizes() {
  return {
    pageBeyondDexie: await gzipSize('web/lib/index.ts', ['dexie']),
    pageWhole: await gzipSize('web/lib/index.ts', []),
    workerBeyondDexie: await gzipSize('sw/host/worker.ts', ['dexie']),
    workerWhole: await gzipSize('sw/host/worker.ts', []),
  };
}
