/**
 * The first module to run: takes a connect token out of the address before anything else can see
 * it there, log it, or share it. Until the device has joined, a reload of this tab may need it
 * again; then it is forgotten, but for this page's memory, from which another device can be added.
 */
import { tokenIn } from './connect-link.ts';

const KEPT = 'offing-lists:connect';

const arrived = takeFromAddress();
if (arrived !== null) keepToken(arrived);

/** The token that is to be used, if any. */
export const tokenAtStart: string | null = arrived ?? keptToken();

/** A link that is opened in a tab with the app in it loads no page: the address alone changes. */
export function listenForLinks(onToken: (token: string) => void): void {
  addEventListener('hashchange', () => {
    const token = takeFromAddress();
    if (token !== null) onToken(token);
  });
}

function takeFromAddress(): string | null {
  const token = tokenIn(location.hash);
  if (location.hash.startsWith('#connect=')) {
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return token;
}

// Storage may be forbidden; then a reload asks for the link again.
export function keepToken(token: string): void {
  try {
    sessionStorage.setItem(KEPT, token);
  } catch {
    // As above.
  }
}

export function forgetToken(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // As above.
  }
}

function keptToken(): string | null {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
