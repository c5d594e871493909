/**
 * The built app: its pages, its worker, its assets. What may be cached is decided here, because a
 * worker or a page that is kept too long keeps its device on an old version for good.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { createMiddleware } from 'hono/factory';

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

/** Named by its content by the build (`assets/main-3f2c9a1b.js`): it never stands for other bytes. */
const NAMED_BY_CONTENT = /^\/assets\/.+-[\w-]{8}\.\w+$/;

/** Serves the app from `appDir`, where the build put it. */
export function staticRoute(appDir: string): Hono {
  const app = new Hono();
  app.use(pageHeaders);
  // Asked anew each time: a build may come or go while the server runs.
  app.use(async (c, next) => {
    if (existsSync(join(appDir, 'index.html'))) return next();
    return c.html(NOT_BUILT, 503, { 'Cache-Control': 'no-store' });
  });
  app.use(compress(), etag());
  // serveStatic has refused every path that leaves its root before it is joined here.
  app.get('*', serveStatic({ rewriteRequestPath: (path) => join(appDir, path) }));
  app.get('*', navigationsOnly, serveStatic({ path: join(appDir, 'index.html') }));
  return app;
}

const pageHeaders = createMiddleware(async function pageHeaders(c, next) {
  await next();
  const { path } = c.req;
  c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', cachingOf(path, c.res.status));
  if (path === '/worker.js') c.header('Service-Worker-Allowed', '/');
  if (path.endsWith('.webmanifest')) c.header('Content-Type', 'application/manifest+json');
});

/** no-cache: kept, but asked about each time, which an ETag makes cheap. */
const cachingOf = (path: string, status: number): string =>
  status < 400 && NAMED_BY_CONTENT.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';

/** Any address of the app is its one page; a missing script or picture stays missing. */
const navigationsOnly = createMiddleware(async function navigationsOnly(c, next) {
  const isNavigation = c.req.header('Accept')?.includes('text/html') ?? false;
  if (isNavigation) await next();
  return isNavigation ? undefined : c.text('Not found\n', 404);
});

const NOT_BUILT = `<!doctype html>
<meta charset="utf-8">
<title>Offing: the app is not built</title>
<h1>The server runs, the app is not built</h1>
<p>In the directory of Offing, run <code>npm run build</code>, then reload this page.</p>
`;
