/**
 * `npm run build`: dist/ from the sources. First the rooms (tsc), then the app's pages (Vite), then
 * the service worker, which carries the list of those pages' files and so has to come after them;
 * and it fails where the layer has outgrown what it may weigh.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkSizes } from './bundle-sizes.mjs';
import { binOf, buildStamp, node, root, runScript, Unprepared } from './prerequisites.mjs';

const app = join(root, 'web', 'app');
const dist = join(root, 'dist');
const builtApp = join(dist, 'app');

/** Vite names a file by its content under assets/: such a name never stands for other bytes. */
const NAMED_BY_CONTENT = /^assets\/.+-[\w-]{8}\.\w+$/;

/** What a page loads only where it has no worker: no worker need keep it. */
const WITHOUT_WORKER = /^assets\/page-host-/;

await runScript(async () => {
  const startedAt = new Date();
  if (process.argv.includes('--clean')) rmSync(dist, { recursive: true, force: true });
  compileRooms();
  if (existsSync(join(app, 'index.html'))) await bundlePages();
  if (existsSync(join(app, 'worker.ts'))) await bundleWorker(precacheManifest());
  await checkSizes();
  stamp(startedAt);
});

function compileRooms() {
  const status = node([binOf('typescript', 'tsc'), '-b', 'web/app', 'server']);
  if (status !== 0) throw new Unprepared('The types do not fit; see above.');
}

async function bundlePages() {
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

/**
 * One classic script without imports: every browser with service workers runs it, and one
 * request updates it whole.
 * @param {{ url: string, revision: string | null }[]} manifest
 */
async function bundleWorker(manifest) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: app,
    logLevel: 'warn',
    define: { 'self.__WB_MANIFEST': JSON.stringify(manifest) },
    build: {
      outDir: builtApp,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2023',
      sourcemap: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(app, 'worker.ts'),
        output: { format: 'iife', entryFileNames: 'worker.js', codeSplitting: false },
      },
    },
  });
  const worker = readFileSync(join(builtApp, 'worker.js'));
  const kB = (/** @type {Buffer} */ bytes) => (bytes.length / 1000).toFixed(1);
  console.log(
    `dist/app: ${manifest.length} files to precache; ` +
      `worker.js ${kB(worker)} kB, ${kB(gzipSync(worker))} kB gzipped`,
  );
}

function precacheManifest() {
  return filesIn(builtApp)
    .map((path) => relative(builtApp, path).split(sep).join('/'))
    .filter((url) => url !== 'worker.js' && !url.endsWith('.map') && !WITHOUT_WORKER.test(url))
    .toSorted()
    .map((url) => ({ url, revision: NAMED_BY_CONTENT.test(url) ? null : contentHash(url) }));
}

/** @param {string} url */
function contentHash(url) {
  return createHash('sha256')
    .update(readFileSync(join(builtApp, url)))
    .digest('hex')
    .slice(0, 16);
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
}

/**
 * Dated when the build began: a source saved while it ran makes it stale, as it should.
 * @param {Date} startedAt
 */
function stamp(startedAt) {
  mkdirSync(dist, { recursive: true });
  writeFileSync(buildStamp, '');
  utimesSync(buildStamp, startedAt, startedAt);
}
