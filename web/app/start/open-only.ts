/**
 * What does not work where no service worker can run, and so the page itself keeps and sends the
 * changes: in words, with the reason and what a person can do. Pure: what is known of the browser
 * comes in.
 */
import type { HostPlace } from '../../lib/index.ts';

export interface OpenOnly {
  /** One sentence, on the screen until it is dismissed; null for what passes by itself. */
  readonly notice: string | null;
  readonly why: string;
  readonly remedy: string;
}

export interface Surroundings {
  readonly place: HostPlace;
  /** `https:`, or localhost: the browser's own judgement. */
  readonly isSecure: boolean;
  readonly hasServiceWorkers: boolean;
}

/** What it comes to, whatever the reason. */
export const OPEN_ONLY =
  'Changes are saved on this device, but they leave it only while the app is open here; and without a network the app does not open.';

/** Null where nothing is missing. */
export function openOnly({ place, isSecure, hasServiceWorkers }: Surroundings): OpenOnly | null {
  if (place.in !== 'page') return null;
  // An address without https hides the service workers too: the reason is the address.
  if (!isSecure) return NOT_HTTPS;
  if (!hasServiceWorkers) return NO_WORKERS;
  const { cause } = place.why;
  // With an untrusted certificate the page may be shown, by a click through a warning; its worker is not.
  return cause instanceof Error && cause.name === 'SecurityError' ? NOT_TRUSTED : NOT_YET;
}

const NOT_HTTPS: OpenOnly = {
  notice: 'Not secure: this address begins with http://. Keep the app open until all is sent.',
  why: 'This address begins with http://. Others on the network can read and change what goes between this device and the server, and the browser gives such an address no offline start.',
  remedy:
    'On the computer that runs the server, start it with a certificate, and open the link that it prints then.',
};

const NO_WORKERS: OpenOnly = {
  notice: 'This window does not work in the background. Keep the app open until all is sent.',
  why: 'This window has no service workers. Some browsers have none in private windows, and forget all that was written there when the window is closed.',
  remedy: 'Open the same link in an ordinary window, or in another browser.',
};

const NOT_TRUSTED: OpenOnly = {
  notice:
    'This device does not trust the server’s certificate. Keep the app open until all is sent.',
  why: 'The browser refuses this app its service worker, most likely because this device does not trust the server’s certificate (or, in some browsers, because the window is private). To go on past the browser’s warning is not enough, and others on the network may read what is sent.',
  remedy:
    'Install the root of the certificate on this device and mark it as trusted, then open the link again.',
};

const NOT_YET: OpenOnly = {
  notice: null,
  why: 'The app’s service worker is not installed yet.',
  remedy: 'It is tried again by itself while the app is open.',
};
