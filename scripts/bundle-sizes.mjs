/**
 * What an app downloads for the layer, held by budgets: a build fails when a bundle outgrows its own.
 * Why the budgets are what they are is in docs/decisions/0015-sizes.md.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root, Unprepared } from './prerequisites.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} name
 * @property {string} entry a source file, relative to the project
 * @property {number} budget in bytes, gzipped, beyond Dexie; some 5 % above what it had when it was
 *   set, for not every zlib packs alike
 */

/** @type {Readonly<Record<'page' | 'worker', Bundle>>} */
export const BUNDLES = {
  page: { name: 'page library', entry: 'web/lib/index.ts', budget: 18_600 },
  worker: { name: 'service worker', entry: 'sw/host/worker.ts', budget: 58_800 },
};

/**
 * @typedef {object} Sizes in bytes
 * @property {number} atOnce gzipped, of what is loaded at once
 * @property {number} later gzipped, of what is loaded only where it is needed
 * @property {{ readonly file: string, readonly bytes: number }[]} modules of what is loaded at once,
 *   the biggest first, before they are minified
 */

/** How many of its modules a bundle that is too big names. */
const NAMED = 8;

/** Throws Unprepared where a bundle has outgrown its budget. */
export async function checkSizes() {
  const bundles = Object.values(BUNDLES);
  const sizes = await Promise.all(bundles.map(({ entry }) => sizesOf(entry, ['dexie'])));
  const faults = bundles.flatMap((bundle, i) => faultOf(bundle, sizes[i]) ?? []);
  if (faults.length > 0) throw new Unprepared(faults.join('\n\n'));
  const each = bundles.map(
    ({ name, budget }, i) => `${name} ${kB(sizes[i]?.atOnce ?? 0)} of ${kB(budget)}`,
  );
  console.log(`gzipped, beyond Dexie: ${each.join(', ')}`);
}

/**
 * What is wrong with a bundle's size, in words; undefined where it keeps its budget.
 * @param {Bundle} bundle
 * @param {Sizes | undefined} sizes
 */
export function faultOf({ name, entry, budget }, sizes) {
  if (!sizes || sizes.atOnce <= budget) return undefined;
  const modules = sizes.modules
    .slice(0, NAMED)
    .map(({ file, bytes }) => `  ${kB(bytes).padStart(9)}  ${file}`);
  return [
    `The ${name} (${entry}) has outgrown its budget: ${kB(sizes.atOnce)} gzipped beyond Dexie, ` +
      `and it may have ${kB(budget)}.`,
    'Its biggest modules, before they are minified:',
    ...modules,
    'Make it smaller; or, where what it does now is worth that, raise the budget in scripts/bundle-sizes.mjs',
    'and say why in docs/decisions/0015-sizes.md.',
  ].join('\n');
}

/** @param {number} bytes */
const kB = (bytes) => `${(bytes / 1000).toFixed(3)} kB`;

/**
 * Minified as an app's build does it.
 * @param {string} entry a source file, relative to the project
 * @param {readonly string[]} external packages left out
 * @returns {Promise<Sizes>}
 */
export async function sizesOf(entry, external) {
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [withoutImportHelper],
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
  const chunks = output.filter((file) => file.type === 'chunk');
  const first = chunks.find((chunk) => chunk.isEntry);
  const names = first ? withImports(first, chunks) : new Set();
  const atOnce = chunks.filter(({ fileName }) => names.has(fileName));
  const later = chunks.filter(({ fileName }) => !names.has(fileName));
  return { atOnce: gzipped(atOnce), later: gzipped(later), modules: modulesOf(atOnce) };
}

/**
 * The bundler's own helper for `import()` is the bundler's: an app has it once, or not at all.
 * @type {import('vite').Plugin}
 */
const withoutImportHelper = {
  name: 'without-import-helper',
  enforce: 'pre',
  load: (id) =>
    id.includes('vite/preload-helper')
      ? 'export const __vitePreload = (load) => load();'
      : undefined,
};

/** @typedef {import('vite').Rolldown.OutputChunk} Chunk */

/**
 * @param {Chunk} first
 * @param {readonly Chunk[]} chunks
 * @param {Set<string>} names
 */
function withImports(first, chunks, names = new Set()) {
  if (names.has(first.fileName)) return names;
  names.add(first.fileName);
  for (const chunk of chunks)
    if (first.imports.includes(chunk.fileName)) withImports(chunk, chunks, names);
  return names;
}

/** @param {readonly Chunk[]} chunks */
const gzipped = (chunks) =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);

/** @param {readonly Chunk[]} chunks */
const modulesOf = (chunks) =>
  chunks
    .flatMap(({ modules }) => Object.entries(modules))
    .map(([id, { renderedLength }]) => ({
      file: id.replace(`${root}/`, ''),
      bytes: renderedLength,
    }))
    .toSorted((a, b) => b.bytes - a.bytes);
