/**
 * The door through a message port: half the cost of the other, and it reaches a worker that does not
 * control the page yet. One channel for each question, so that answers need no numbering.
 */
import type { HostReply } from '../../core/index.ts';
import type { Unsubscribe } from './api.ts';
import { answerWithin, isReply, noAnswer, type Door } from './door.ts';
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';

/** `worker` is the one to ask just now; who asks first is posted first. */
export function portDoor(environment: Environment, worker: () => Promise<ServiceWorker>): Door {
  let writes = 0;
  let lastAnswered = { write: 0, at: 0 };

  return async (request) => {
    const asked = await worker();
    const write = request.type === 'write' ? (writes += 1) : 0;
    const patience = answerWithin(request);
    const { port1, port2 } = new MessageChannel();
    return new Promise<HostReply>((resolve, reject) => {
      let cancel: Unsubscribe;
      const end = (settle: () => void): void => {
        cancel();
        port1.close();
        settle();
      };
      /**
       * Writes are answered in their order. One that waits behind a thousand others is not lost as
       * long as those before it are being answered; but when one after it was, it is.
       */
      const look = (): void => {
        const { write: last, at } = lastAnswered;
        const left = last < write ? at + patience - environment.now() : 0;
        if (left > 0) cancel = environment.after(left, look);
        else end(() => reject(noAnswer(request)));
      };
      cancel = environment.after(patience, look);
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (write > 0) lastAnswered = { write, at: environment.now() };
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
