import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsIn, importsOf } from './support/architecture.ts';
import type { SourceFile } from './support/architecture.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the house', () => {
  it('has no import, file or name that its rooms do not allow', () => {
    expect(faultsIn(readSources())).toEqual([]);
  });
});

describe('a wrong import is caught', () => {
  const file = (path: string, text = ''): SourceFile => ({ path, text });
  const importing = (path: string, specifier: string, ...others: string[]): string[] =>
    faultsIn([
      file(path, `import { x } from '${specifier}';`),
      ...others.map((name) => file(name)),
    ]);

  it.each([
    ['core/fold.ts', '../sw/engine/drain.ts', 'core may not know sw/engine'],
    ['sw/engine/drain.ts', '../adapters/dexie-store.ts', 'sw/engine may not know sw/adapters'],
    ['sw/adapters/dexie-store.ts', '../host/worker.ts', 'sw/adapters may not know sw/host'],
    ['web/lib/connect.ts', '../../sw/engine/drain.ts', 'web/lib may not know sw/engine'],
    ['web/app/main.tsx', '../../core/index.ts', 'web/app may not know core'],
    ['web/app/main.tsx', '../../sw/host/worker.ts', 'web/app may not know sw/host'],
    ['server/app.ts', '../sw/engine/drain.ts', 'server may not know sw/engine'],
    ['server/app.ts', '../spec/support/rooms.ts', 'server may not know spec'],
  ])('%s → %s', (path, specifier, fault) => {
    const target = join(path, '..', specifier);
    expect(importing(path, specifier, target)[0]).toContain(fault);
  });

  it.each([
    ['web/lib/page-host.ts', '../../sw/engine/drain.ts'],
    ['web/app/worker.ts', '../../sw/host/worker.ts'],
    ['server/app.ts', '../core/index.ts'],
    ['core/fold.test.ts', '../spec/support/rooms.ts'],
    ['web/lib/index.ts', './connect.ts'],
  ])('and a right one is not: %s → %s', (path, specifier) => {
    expect(importing(path, specifier, join(path, '..', specifier))).toEqual([]);
  });

  it('past the door of another room', () => {
    const [fault] = importing('server/app.ts', '../core/fold.ts', 'core/fold.ts');
    expect(fault).toContain('goes past the door of core (index.ts)');
  });

  it('through the door of its own room', () => {
    const [fault] = importing('core/fold.ts', './index.ts', 'core/index.ts');
    expect(fault).toContain('is the door of its own room');
  });

  it('to a file that is not there, or without its extension', () => {
    expect(importing('core/fold.ts', './gone.ts')[0]).toContain('is not there');
    expect(importing('core/fold.ts', './gone')[0]).toContain('names no file');
  });

  it('of a package or a Node module that the room may not have', () => {
    expect(importing('core/fold.ts', 'dexie')[0]).toContain('core may not use the package dexie');
    expect(importing('sw/engine/drain.ts', 'valibot')[0]).toContain('sw/engine may not use');
    expect(importing('web/lib/connect.ts', 'node:fs')[0]).toContain('web/lib may not know Node');
    expect(importing('server/app.ts', 'fs')[0]).toContain("is written 'node:fs'");
    expect(importing('server/app.ts', 'vitest')[0]).toContain(
      'server may not use the package vitest',
    );
    expect(importing('server/app.test.ts', 'vitest')).toEqual([]);
  });

  it('in a cycle between rooms', () => {
    const faults = faultsIn([
      file('core/index.ts', "export { x } from '../server/app.ts';"),
      file('server/app.ts', "export { x } from '../core/index.ts';"),
    ]);
    expect(faults).toContain('core: it knows itself by way of another room (a cycle)');
  });

  it('however it is written', () => {
    const text = `
      import type { A } from './a.ts';
      export * from './b.ts';
      export { c } from './c.ts';
      const d = await import('./d.ts');
      type E = import('./e.ts').E;
      new Worker(new URL('./f.ts', import.meta.url));
      // import './not-in-a-comment.ts';
      const s = "import './not-in-a-string.ts'";`;
    expect(importsOf(file('core/x.ts', text)).toSorted()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `./${name}.ts`),
    );
  });
});

describe('other faults are caught', () => {
  it('a file that is too long', () => {
    expect(faultsIn([{ path: 'core/x.ts', text: ';\n'.repeat(400) }])).toEqual([]);
    expect(faultsIn([{ path: 'core/x.ts', text: ';\n'.repeat(401) }])[0]).toContain('401 lines');
  });

  it('a file that does not parse', () => {
    expect(faultsIn([{ path: 'core/x.ts', text: 'const = ;' }])[0]).toContain('does not parse');
  });

  it('a name that says nothing', () => {
    expect(faultsIn([{ path: 'core/utils.ts', text: '' }])[0]).toContain("'utils' says nothing");
  });

  it('a linter switched off without a reason', () => {
    const silence = '// oxlint-disable-next-line no-console';
    expect(faultsIn([{ path: 'core/x.ts', text: silence }])[0]).toContain('lacks its reason');
    expect(faultsIn([{ path: 'core/x.ts', text: `${silence} -- the CLI's only output` }])).toEqual(
      [],
    );
  });
});

describe('the linter keeps core/ and sw/engine/ away from the ambient world', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offing-lint-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const planted = {
    Date: 'export const x = Date.now();',
    'Math.random': 'export const x = Math.random();',
    setTimeout: 'setTimeout(() => undefined, 1);',
    setInterval: 'setInterval(() => undefined, 1);',
    queueMicrotask: 'queueMicrotask(() => undefined);',
    fetch: "export const x = fetch('/');",
    crypto: 'export const x = crypto.randomUUID();',
    indexedDB: "export const x = indexedDB.open('x');",
    navigator: 'export const x = navigator.onLine;',
    self: 'export const x = self;',
    globalThis: 'export const x = globalThis;',
  };

  it.each(['core', 'sw/engine'])('%s', (room) => {
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    mkdirSync(join(folder, room), { recursive: true });
    for (const [name, text] of Object.entries(planted)) {
      writeFileSync(join(folder, room, `${name.toLowerCase()}.ts`), `${text}\n`);
      writeFileSync(join(folder, room, `${name.toLowerCase()}.test.ts`), `${text}\n`);
    }
    const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
    const args = [oxlint, '--format=unix', room];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    for (const name of Object.keys(planted)) {
      expect(stdout).toMatch(new RegExp(`/${name.toLowerCase()}\\.ts:.*'${name}'.*no-restricted`));
    }
    expect(stdout).not.toMatch(/\.test\.ts:.*no-restricted/);
  });
});

function readSources(): SourceFile[] {
  return ['core', 'sw', 'web', 'conformance', 'server', 'spec', 'bench', 'scripts'].flatMap(
    (folder) => (readdirSync(root).includes(folder) ? readFolder(join(root, folder)) : []),
  );
}

function readFolder(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : readFolder(path);
    if (!/\.(?:tsx?|mjs|css)$/.test(entry.name)) return [];
    const fromRoot = relative(root, path).split(sep).join('/');
    return [{ path: fromRoot, text: readFileSync(path, 'utf8') }];
  });
}
