/** How long an answer is waited for, whichever host is to give it. */
import type { PageRequest } from '../../core/index.ts';
import { answerWithin } from './door.ts';
import type { Environment } from './environment.ts';

/**
 * Waits for an answer, and calls `lost` when there will be none. Writes are answered in their order:
 * one that waits behind a thousand others is not lost as long as those before it are being answered,
 * but it is when one after it was.
 */
export function createPatience(environment: Environment) {
  let writes = 0;
  let lastAnswered = { write: 0, at: 0 };
  return (request: PageRequest, lost: () => void) => {
    const limit = answerWithin(request);
    const write = request.type === 'write' ? (writes += 1) : 0;
    const look = (): void => {
      const { write: last, at } = lastAnswered;
      // Never longer than that: a clock that was set back is not to keep anyone waiting.
      const left = last < write ? Math.min(limit, at + limit - environment.now()) : 0;
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
