/**
 * The browser, as this library uses it: the one file that touches globals. What a browser lacks is
 * null here, not a crash; tests bring their own.
 */
import type { Unsubscribe } from './api.ts';

export type PageEvent =
  | 'online'
  | 'offline'
  | 'focus'
  | 'pageshow'
  | 'visibilitychange'
  | 'pointerdown'
  | 'keydown';

export interface Channel {
  post(message: unknown): void;
  close(): void;
}

export interface Environment {
  /** Null in private windows of some browsers and on plain-http addresses. */
  readonly serviceWorker: ServiceWorkerContainer | null;
  readonly fetch: typeof fetch;
  /** Wall time in ms. */
  now(): number;
  randomBytes(count: number): Uint8Array;
  /** Runs `fn` once after `ms`; returns its cancel. */
  after(ms: number, fn: () => void): Unsubscribe;
  /** A channel between the pages of the origin; it does not hear itself. */
  channel(name: string, hear: (message: unknown) => void): Channel;
  /** A fault that nobody waits for. */
  report(error: unknown): void;
  isVisible(): boolean;
  /** Whether it runs as an app of its own, not in a browser's tab. */
  isInstalled(): boolean;
  /** Asks the browser to keep this site's storage; null where it knows no such promise. */
  readonly persist: (() => Promise<boolean>) | null;
  listen(event: PageEvent, fn: (event: Event) => void): Unsubscribe;
  reload(): void;
}

const DISPLAYED_AS_APP = ['standalone', 'minimal-ui', 'fullscreen', 'window-controls-overlay'];

export function browserEnvironment(): Environment {
  // Of secure contexts only, whatever the types say.
  const { storage } = navigator as { readonly storage?: StorageManager };
  return {
    serviceWorker: 'serviceWorker' in navigator ? navigator.serviceWorker : null,
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after(ms, fn) {
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    },
    channel(name, hear) {
      const channel = new BroadcastChannel(name);
      channel.addEventListener('message', ({ data }) => hear(data));
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel has one origin.
        post: (message) => channel.postMessage(message),
        close: () => channel.close(),
      };
    },
    report: (error) => reportError(error),
    isVisible: () => document.visibilityState === 'visible',
    isInstalled: () =>
      DISPLAYED_AS_APP.some((mode) => matchMedia(`(display-mode: ${mode})`).matches) ||
      // Of iOS, where an app on the home screen says it in its own way.
      (navigator as { readonly standalone?: boolean }).standalone === true,
    persist: storage?.persist ? () => storage.persist() : null,
    listen(event, fn) {
      // Captured, so that an app that stops an event's propagation does not look idle.
      const target = event === 'visibilitychange' ? document : window;
      const options = { capture: true, passive: true };
      target.addEventListener(event, fn, options);
      return () => target.removeEventListener(event, fn, options);
    },
    reload: () => location.reload(),
  };
}
