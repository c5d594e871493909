/** Joining this device to an account, with the token of a connect link. */
import { OffingError } from '../../lib/index.ts';
import { db } from '../db.ts';
import { startFaultNow } from '../start/start.ts';
import { errorWords } from '../ui/error-words.ts';
import { createStore } from '../ui/store.ts';
import { toast } from '../ui/toasts.tsx';
import { forgetToken, keepToken, listenForLinks, tokenAtStart } from './arrival.ts';

export type Connection =
  | { readonly state: 'none' | 'joining' | 'joined' }
  | { readonly state: 'failed'; readonly why: string; readonly canRetry: boolean };

export const connection = createStore<Connection>({ state: 'none' });

/** The token of the link that this page was opened by: in memory only, so that it can be shown again. */
let lastToken = tokenAtStart;

/** A token that has joined this device, from which the link for another one can be shown. */
export const tokenToShare = (): string | null =>
  connection.current.state === 'joined' ? lastToken : null;

export async function joinAtStart(): Promise<void> {
  listenForLinks((token) => void join(token));
  if (tokenAtStart !== null) await join(tokenAtStart);
}

/** True when the device has joined; otherwise the token is kept for another try. */
export async function join(token: string): Promise<boolean> {
  lastToken = token;
  keepToken(token);
  connection.set({ state: 'joining' });
  try {
    const { account } = await db.connectAccount({ url: location.origin, token });
    forgetToken();
    connection.set({ state: 'joined' });
    toast({ text: `This device is connected${account ? ` as ${account.name}` : ''}.` });
    return true;
  } catch (error) {
    connection.set(failed(error));
    return false;
  }
}

export async function joinAgain(): Promise<boolean> {
  return lastToken !== null && join(lastToken);
}

export function dismissConnection(): void {
  forgetToken();
  lastToken = null;
  connection.set({ state: 'none' });
}

function failed(error: unknown): Connection {
  const code = error instanceof OffingError ? error.code : '';
  // Another try with the same link cannot help where the link itself is at fault.
  const isFinal = code === 'auth_failed' || code === 'wrong_account';
  if (isFinal) forgetToken();
  return { state: 'failed', why: whyWords(code, error), canRetry: !isFinal };
}

function whyWords(code: string, error: unknown): string {
  const { name } = db.status.current.account ?? {};
  if (code === 'wrong_account' && name !== undefined) {
    return `this device belongs to ${name}, and the link to someone else. Nothing was changed.`;
  }
  if (code === 'auth_failed') return 'the link is not valid (any more). Ask for a new one.';
  const fault = startFaultNow();
  if (fault) return `the app did not start. ${fault.why}`;
  if (code === 'unreachable')
    return 'the server cannot be reached. The link is kept for another try.';
  return errorWords(error);
}
