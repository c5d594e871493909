/**
 * The moments at which the browser is asked to keep what is here: when there is something to lose, by
 * the hand of the person. At the first sight of the page nobody knows yet what there would be to keep,
 * and a browser that asks the person would be told no for good.
 */
import { db } from '../db.ts';
import { reportFailure } from '../ui/attempt.ts';
import { toast } from '../ui/toasts.tsx';

/**
 * After the first list, or the installation: once, and without a word; the status has the answer. Who
 * has an account is asked for by the library itself.
 */
export function keepFromNowOn(): void {
  const { storage, account } = db.status.current;
  if (account || !storage || storage.persisted || storage.asked) return;
  // Nobody waits for it: refused or failed, the app works as before.
  db.persist().catch(() => {});
}

/** The person asks, and hears what the browser says. */
export async function askToKeep(): Promise<void> {
  try {
    const isKept = await db.persist();
    const no =
      'The browser does not promise it yet. It may, once the app is installed or used for a while.';
    toast({ text: isKept ? 'The browser keeps your lists until you delete them.' : no });
  } catch (error) {
    reportFailure('Not asked', error);
  }
}
