/** Small texts that the browser keeps for this app beside its database. */

const PREFIX = 'offing-lists:';

// A browser may forbid storage altogether; then nothing is kept longer than the page.
export function readKept(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? '';
  } catch {
    return '';
  }
}

/** Nothing is kept of an empty text. */
export function keep(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
  } catch {
    // As above; or there is no room.
  }
}
