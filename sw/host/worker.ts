/**
 * The service worker: every listener, on one screen. `import { startWorker } from 'offing/worker'`
 * and one call is the whole worker of an app. Listeners are registered at once, because a browser
 * wakes a worker only for events that its first run listened to.
 */
import type { AppShell } from './app-shell.ts';
import { createHost } from './host.ts';
import { isLocalRequest, serveLocal } from './local-route.ts';
import { isSkipWaiting, servePort } from './message-port.ts';

export interface WorkerOptions {
  /** What keeps the app's own files, so that it opens offline: `appShell` of `offing/app-shell`. */
  readonly shell?: AppShell;
}

/** Registers the worker's listeners. Call it once, at the top of the worker's script. */
export function startWorker({ shell }: WorkerOptions = {}): void {
  const scope = self as unknown as ServiceWorkerGlobalScope;
  const { engine } = createHost(scope);

  scope.addEventListener('install', (event) => {
    if (shell) event.waitUntil(shell.install(event));
  });
  scope.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([shell?.activate(event), scope.clients.claim()]));
  });
  scope.addEventListener('fetch', (event) => {
    if (isLocalRequest(event.request)) event.respondWith(serveLocal(engine, event));
    else shell?.serve(event);
  });
  scope.addEventListener('message', (event) => {
    if (isSkipWaiting(event.data)) void scope.skipWaiting();
    else servePort(engine, event);
  });
  // `sync` events reach the bell's own listener.
  scope.addEventListener('periodicsync', (event) => {
    (event as ExtendableEvent).waitUntil(engine.drain({ force: true }));
  });
}
