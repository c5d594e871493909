/**
 * The app's own files, by Workbox's precache: an installed app opens with no network at all. A door of
 * its own: a worker that does not want it, or has its own, does not carry it.
 */
import { PrecacheController, PrecacheRoute, type PrecacheEntry } from 'workbox-precaching';

export interface AppShell {
  install(event: ExtendableEvent): Promise<unknown>;
  activate(event: ExtendableEvent): Promise<unknown>;
  /** Answers a page's navigation or a precached file; leaves everything else to the network. */
  serve(event: FetchEvent): void;
}

export type ShellEntry = PrecacheEntry | string;

/** Every navigation is the one page: its own script reads the address. */
const PAGE = '/index.html';

/** Keeps `entries`, the list of the app's files as a build writes it for Workbox. */
export function appShell(entries: readonly ShellEntry[]): AppShell {
  const precache = new PrecacheController();
  precache.addToCacheList([...entries]);
  const hasPage = precache.getCacheKeyForURL(PAGE) !== undefined;
  const route = new PrecacheRoute(precache);

  return {
    install: (event) => precache.install(event),
    activate: (event) => precache.activate(event),
    serve(event) {
      const { request } = event;
      const url = new URL(request.url);
      if (request.method !== 'GET' || url.origin !== location.origin) return;
      if (request.mode === 'navigate' && hasPage && !url.pathname.startsWith('/sync/')) {
        event.respondWith(precache.createHandlerBoundToURL(PAGE)({ event, request, url }));
        return;
      }
      const params = route.match({ url, request, event, sameOrigin: true });
      if (!params || typeof params !== 'object') return;
      event.respondWith(
        Promise.resolve(
          precache.strategy.handle({ event, request, url, params: params as object }),
        ),
      );
    },
  };
}
