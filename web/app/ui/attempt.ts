/** Writes are shown at once; should one fail, the person is told what was not done, and why. */
import { errorWords } from './error-words.ts';
import { toast } from './toasts.tsx';

/** False, with a message, if it failed: then nothing was written. */
export async function attempt(write: PromiseLike<unknown>, what: string): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    reportFailure(what, error);
    return false;
  }
}

export function reportFailure(what: string, error: unknown): void {
  toast({ text: `${what}: ${errorWords(error)}`, tone: 'alert', ms: null });
}
