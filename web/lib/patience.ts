/** How long an answer is waited for, whichever host is to give it. */
import type { PageRequest } from '../../core/index.ts';
import { answerWithin } from './door.ts';
import type { Environment } from './environment.ts';
import type { Writes } from './gather.ts';

/**
 * Waits for an answer, and calls `lost` when there will be none. Writes are answered in their order:
 * one that waits behind a thousand others is not lost as long as those before it are being answered,
 * but it is when one after it was.
 */
export function createPatience(environment: Environment) {
  let writes = 0;
  let lastAnswered = { write: 0, at: 0 };
  return (request: PageRequest | Writes, lost: () => void) => {
    const limit = answerWithin(request);
    const isWrite = request.type === 'write' || request.type === 'writes';
    const write = isWrite ? (writes += 1) : 0;
    const look = (): void => {
      const now = environment.now();
      // Answered at a time to come: the clock was set back, and that is not to keep anyone waiting.
      if (lastAnswered.at > now) lastAnswered = { ...lastAnswered, at: now };
      const { write: last, at } = lastAnswered;
      const left = last < write ? at + limit - now : 0;
      if (left > 0) cancel = environment.after(left, look);
      else lost();
    };
    let cancel = environment.after(limit, look);
    return {
      stop: () => cancel(),
      answered(): void {
        if (write > 0) lastAnswered = { write, at: environment.now() };
      },
    };
  };
}
