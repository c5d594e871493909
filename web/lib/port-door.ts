/**
 * The door through a message port: half the cost of the other, and it reaches a worker that does not
 * control the page yet. One channel for each question, so that answers need no numbering.
 */
import type { HostReply, PageRequest } from '../../core/index.ts';
import { answerWithin, isReply, noAnswer, type Door } from './door.ts';
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';

/** `worker` is the one to ask just now; who asks first is posted first. */
export function portDoor(environment: Environment, worker: () => Promise<ServiceWorker>): Door {
  const patience = createPatience(environment);
  return async (request) => {
    const asked = await worker();
    const { port1, port2 } = new MessageChannel();
    return new Promise<HostReply>((resolve, reject) => {
      const end = (settle: () => void): void => {
        wait.stop();
        port1.close();
        settle();
      };
      const wait = patience(request, () => end(() => reject(noAnswer(request))));
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        wait.answered();
        end(() => (isReply(data) ? resolve(data) : reject(noAnswer(request))));
      });
      port1.start();
      try {
        asked.postMessage(request, [port2]);
      } catch (cause) {
        // Nothing was sent.
        const detail = 'A value of the write is not plain data.';
        end(() => reject(new OffingError('bad_request', detail, { cause })));
      }
    });
  };
}

/**
 * Waits for an answer, and calls `lost` when there will be none. Writes are answered in their order:
 * one that waits behind a thousand others is not lost as long as those before it are being answered,
 * but it is when one after it was.
 */
function createPatience(environment: Environment) {
  let writes = 0;
  let lastAnswered = { write: 0, at: 0 };
  return (request: PageRequest, lost: () => void) => {
    const limit = answerWithin(request);
    const write = request.type === 'write' ? (writes += 1) : 0;
    const look = (): void => {
      const { write: last, at } = lastAnswered;
      const left = last < write ? at + limit - environment.now() : 0;
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
