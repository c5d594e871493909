/**
 * Why the app cannot start in this browser, in words, with what a person can do. Pure: what is known
 * of the browser comes in.
 */

export interface StartFault {
  /** A few words, always on the screen. */
  readonly text: string;
  readonly why: string;
  readonly remedy: string;
  /** Whether the same address may do at another time. */
  readonly canRetry: boolean;
}

export interface Surroundings {
  /** `https:`, or localhost: the browser's own judgement. */
  readonly isSecure: boolean;
  readonly hasServiceWorkers: boolean;
  /** What the worker said, in words, where there is one and it could not begin. */
  readonly answer: string | null;
  /** The name of the error with which the browser refused the worker. */
  readonly refusal: string | null;
}

export function startFault(here: Surroundings): StartFault {
  const { isSecure, hasServiceWorkers, answer, refusal } = here;
  if (answer !== null) return { ...CANNOT_SAVE, why: answer };
  if (!isSecure) return NOT_HTTPS;
  if (!hasServiceWorkers) return NO_WORKERS;
  // With an untrusted certificate the page may be shown, by a click through a warning; its worker is not.
  return refusal === 'SecurityError' ? NOT_TRUSTED : NOT_LOADED;
}

const NOT_HTTPS: StartFault = {
  text: 'Needs https',
  why: 'This address begins with http://. A browser runs the part of this app that saves your lists only at an https:// address, so nothing can be written here.',
  remedy:
    'On the computer that runs the server, start it with a certificate, and open the link that it prints then.',
  canRetry: false,
};

const NO_WORKERS: StartFault = {
  text: 'Cannot run here',
  why: 'This window has no service workers: the part of this app that saves your lists is one. Some browsers have none in private windows.',
  remedy: 'Open the same link in an ordinary window, or in another browser.',
  canRetry: false,
};

const NOT_TRUSTED: StartFault = {
  text: 'Certificate not trusted',
  why: 'The browser refuses the part of this app that saves your lists, most likely because this device does not trust the server’s certificate. To go on past the browser’s warning is not enough.',
  remedy:
    'Install the root of the certificate on this device and mark it as trusted, then open the link again.',
  canRetry: true,
};

const CANNOT_SAVE: StartFault = {
  text: 'Cannot save here',
  why: '',
  remedy: 'Some browsers save nothing in private windows: if this is one, use an ordinary one.',
  canRetry: true,
};

const NOT_LOADED: StartFault = {
  text: 'Not started',
  why: 'The part of this app that saves your lists could not be loaded from the server, so nothing can be written here yet.',
  remedy: 'See that this device reaches the server, then try again.',
  canRetry: true,
};
