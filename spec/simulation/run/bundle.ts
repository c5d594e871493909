/**
 * Makes one file for Node of the simulation and of everything that it runs, so that a process begins
 * within a moment. Sources can be changed on their way into it, never on the disk.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Changes the text of a source, named by its path in the repository. */
export type Alter = (path: string, text: string) => string;

const WORKER = 'spec/simulation/run/work.ts';

/** A new folder for bundles. Inside the package: the server looks for its own files from where it runs. */
export function folderForBundles(): string {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, 'offing-simulation-'));
}

/** Returns the path of the bundle, which lies in the directory `into`. */
export async function bundleSimulation(into: string, alter?: Alter): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    plugins: [nativeOutside, ...(alter ? [altering(alter)] : [])],
    build: {
      ssr: join(root, WORKER),
      outDir: into,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node20',
      minify: false,
      sourcemap: !alter,
      rolldownOptions: {
        output: { format: 'es', entryFileNames: 'simulation.mjs', codeSplitting: false },
      },
    },
  });
  return join(into, 'simulation.mjs');
}

/** SQLite is a library of the machine's, and is found from here wherever the bundle lies. */
const nativeOutside: Plugin = {
  name: 'native-outside',
  enforce: 'pre',
  resolveId(id) {
    if (id !== 'better-sqlite3') return undefined;
    const path = createRequire(import.meta.url).resolve(id);
    return { id: pathToFileURL(path).href, external: true };
  },
};

export const altering = (alter: Alter): Plugin => ({
  name: 'altering',
  enforce: 'pre',
  transform(text, id) {
    const [path = ''] = id.split('?');
    if (!path.startsWith(root) || path.includes('/node_modules/')) return undefined;
    return alter(path.slice(root.length), text);
  },
});
