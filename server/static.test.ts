import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { staticRoute } from './static.ts';

let root: string;
let appDir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'offing-static-'));
  appDir = join(root, 'app');
  writeFileSync(join(root, 'secret.txt'), 'secret');
});
afterEach(() => rmSync(root, { recursive: true }));

function build() {
  mkdirSync(join(appDir, 'assets'), { recursive: true });
  const files = {
    'index.html': '<!doctype html><title>Lists</title>',
    'worker.js': 'self.onfetch = null;',
    'manifest.webmanifest': '{"name":"Lists"}',
    'assets/main-Ab3_9-xY.js': 'let x = 1;'.repeat(200),
    'assets/plain.js': 'let y;',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(appDir, name), text);
}

const ask = (path: string, headers: Record<string, string> = {}) =>
  staticRoute(appDir).request(path, { headers });
const NAVIGATION = { Accept: 'text/html,application/xhtml+xml' };

describe('the built app', () => {
  beforeEach(build);

  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/worker.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    [
      '/assets/main-Ab3_9-xY.js',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
    ],
    ['/assets/plain.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ])('[OPS7] %s is %s, cached as %s', async (path, type, caching) => {
    const { status, headers } = await ask(path);
    expect([status, headers.get('Content-Type'), headers.get('Cache-Control')]).toEqual([
      200,
      type,
      caching,
    ]);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'self'");
  });

  it('[OPS7] lets the worker have the whole origin', async () => {
    expect((await ask('/worker.js')).headers.get('Service-Worker-Allowed')).toBe('/');
  });

  it('[OPS7] answers 304 to who has it already, compressed or not', async () => {
    for (const encoding of ['identity', 'gzip']) {
      for (const path of ['/', '/worker.js', '/assets/main-Ab3_9-xY.js']) {
        const first = await ask(path, { 'Accept-Encoding': encoding });
        const tag = first.headers.get('ETag') ?? '';
        const again = await ask(path, { 'Accept-Encoding': encoding, 'If-None-Match': tag });
        expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
      }
    }
  });

  it('[OPS7] compresses what is worth it', async () => {
    const { headers } = await ask('/assets/main-Ab3_9-xY.js', { 'Accept-Encoding': 'gzip' });
    expect(headers.get('Content-Encoding')).toBe('gzip');
  });

  it('[OPS8] answers every address of the app with its page', async () => {
    for (const path of ['/lists/0199', '/settings', '/a.b']) {
      const response = await ask(path, NAVIGATION);
      expect([response.status, await response.text()]).toEqual([
        200,
        '<!doctype html><title>Lists</title>',
      ]);
      expect(response.headers.get('Cache-Control')).toBe('no-cache');
    }
  });

  it('[OPS8] leaves a missing file missing, and uncached', async () => {
    const response = await ask('/assets/gone-Ab3_9-xY.js', { Accept: '*/*' });
    expect(response.status).toBe(404);
    expect(response.headers.get('Cache-Control')).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/%00',
    '/%ff',
    '/assets/%252e%252e/%252e%252e/secret.txt',
  ])('[OPS8] never leaves its directory: %s', async (path) => {
    const response = await staticRoute(appDir).request(`http://x${path}`);
    expect([200, 400, 404]).toContain(response.status);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('an app that is not built', () => {
  it('[OPS7] says so and how to build it, until it is', async () => {
    const app = staticRoute(appDir);
    const missing = await app.request('/');
    expect(missing.status).toBe(503);
    expect(await missing.text()).toContain('npm run build');
    build();
    expect((await app.request('/')).status).toBe(200);
  });
});
