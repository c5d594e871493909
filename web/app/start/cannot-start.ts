/** Why the app cannot start in this browser, in words, with what a person can do. Pure. */

export interface StartFault {
  /** A few words, always on the screen. */
  readonly text: string;
  readonly why: string;
  readonly remedy: string;
}

/** `answer` is what the part that saves said, in words, where it was there and could not begin. */
export function startFault(answer: string | null): StartFault {
  return answer === null ? NOT_LOADED : { ...CANNOT_SAVE, why: answer };
}

const CANNOT_SAVE: StartFault = {
  text: 'Cannot save here',
  why: '',
  remedy: 'Some browsers save nothing in private windows: if this is one, use an ordinary one.',
};

const NOT_LOADED: StartFault = {
  text: 'Not started',
  why: 'The part of this app that saves your lists could not be loaded from the server, so nothing can be written here yet.',
  remedy: 'See that this device reaches the server, then try again.',
};
