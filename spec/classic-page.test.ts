/** The app's page as a script: what the bundler's plugin makes of an entry and of what is loaded later. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { afterEach, describe, expect, it } from 'vitest';
import { classicPage } from '../scripts/classic-page.mjs';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const PAGE =
  '<!doctype html><html><head><script type="module" src="/main.js"></script></head></html>';

/** The files of a page that is built of these sources, by their names without a hash. */
async function built(sources: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const root = await mkdtemp(join(tmpdir(), 'offing-page-'));
  folders.push(root);
  for (const [name, text] of Object.entries({ 'index.html': PAGE, ...sources }))
    await writeFile(join(root, name), text);
  const { output } = (await build({
    configFile: false,
    root,
    logLevel: 'silent',
    plugins: [classicPage()],
    build: { write: false, modulePreload: false, target: 'es2023' },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.map((file) => [
      file.fileName.replace(/^assets\/|-[\w-]{8}(?=\.js$)/g, ''),
      String(file.type === 'chunk' ? file.code : file.source),
    ]),
  );
}

const SHARED = 'export const told = []; export const tell = (word) => told.push(word);';
const LATER = "import { tell } from './shared.js'; export const later = () => tell('later');";
const MAIN = `import { tell, told } from './shared.js';
  tell(function () { return typeof this; }());
  globalThis.told = told;
  globalThis.goOn = () => import('./later.js');`;

describe('the page as a classic script', () => {
  it('is loaded as one, behind the document', async () => {
    const files = await built({ 'main.js': MAIN, 'later.js': LATER, 'shared.js': SHARED });
    expect(files.get('index.html')).toMatch(/<script defer src="\/assets\/index-[\w-]+\.js">/);
    expect(files.get('index.html')).not.toContain('module');
  });

  it('runs as one, strict and with names of its own, and hands over what later modules share with it', async () => {
    const files = await built({ 'main.js': MAIN, 'later.js': LATER, 'shared.js': SHARED });
    const self: Record<string, unknown> = {};
    const script = new Script(files.get('index.js') ?? '');
    const before = Object.keys(globalThis);
    Object.assign(globalThis, { self });
    try {
      script.runInThisContext();
      expect(Reflect.get(globalThis, 'told')).toEqual(['undefined']);
      const added = Object.keys(globalThis).filter((name) => !before.includes(name));
      expect(added.toSorted()).toEqual(['goOn', 'self', 'told']);
      // The module as the browser would run it.
      const module = `data:text/javascript,${encodeURIComponent(files.get('later.js') ?? '')}`;
      const { later } = (await import(module)) as { later: () => void };
      later();
      expect(Reflect.get(globalThis, 'told')).toEqual(['undefined', 'later']);
    } finally {
      for (const name of ['self', 'told', 'goOn']) Reflect.deleteProperty(globalThis, name);
    }
  });

  it('is not built where it can only be a module', async () => {
    await expect(built({ 'main.js': 'globalThis.a = await 1;' })).rejects.toThrow('await');
  });
});
