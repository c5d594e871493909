/** The guide's code, block after block: it has the library's types, and it runs on a real device. */
import 'fake-indexeddb/auto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileFunction } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { transformWithOxc } from 'vite';
import * as library from '../web/lib/index.ts';
import { openPage, type Page } from './support/page.ts';

const root = join(import.meta.dirname, '..');
let code = '';
let folder = '';

beforeAll(async () => {
  const guide = await readFile(join(root, 'docs/guide.md'), 'utf8');
  code = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]).join('\n');
  folder = await mkdtemp(join(tmpdir(), 'offing-guide-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the guide', () => {
  it('[PL32] has code that the compiler takes', async () => {
    const compilerOptions = {
      target: 'es2023',
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      module: 'esnext',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      allowImportingTsExtensions: true,
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: true,
      paths: { offing: [join(root, 'web/lib/index.ts')] },
    };
    await writeFile(join(folder, 'guide.ts'), code);
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['guide.ts'] }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const run = promisify(execFile)(process.execPath, [tsc, '-p', folder]);
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('[PL32] has code that runs', async () => {
    let page: Page<library.Collections> | undefined;
    const connect = ({ schema }: { schema: library.Schema<library.Collections> }) => {
      page = openPage(schema);
      return page.db;
    };
    const { code: script } = await transformWithOxc(code, 'guide.ts');
    const body = script
      .replaceAll(/^import [\s\S]*?from "offing";$/gm, '')
      .replaceAll(/^export /gm, '');
    const given = Object.entries(library).filter(([name]) => name !== 'connect');
    const log = vi.fn();
    const run = compileFunction(`return (async () => { ${body}\nreturn { tent, other }; })();`, [
      'connect',
      'console',
      ...given.map(([name]) => name),
    ]) as (...values: unknown[]) => Promise<{ tent: { id: string }; other: { id: string } }>;
    const values = given.map(([, value]) => value);
    const { tent, other } = await run(connect, { log }, ...values);
    expect(await page?.db.collections['items']?.get(tent.id)).toMatchObject({
      space: other.id,
      title: 'Big tent, red',
      done: false,
      weight: 3,
      tags: ['big', 'old'],
      packed: 1,
      history: [{ did: 'aired' }],
    });
    expect(log).toHaveBeenCalledWith('It is gone.');
    page?.close();
  });
});
