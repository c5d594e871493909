/**
 * The door through a message port: half the cost of the other, and it reaches a worker that does not
 * control the page yet. One channel for each question, so that answers need no numbering.
 */
import type { HostReply } from '../../core/index.ts';
import { ANSWER_WITHIN_MS, isReply, noAnswer, type Door } from './door.ts';
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';

/** `worker` is the one to ask just now; who asks first is posted first. */
export function portDoor(environment: Environment, worker: () => Promise<ServiceWorker>): Door {
  return async (request) => {
    const asked = await worker();
    const { port1, port2 } = new MessageChannel();
    return new Promise<HostReply>((resolve, reject) => {
      const cancel = environment.after(ANSWER_WITHIN_MS, () =>
        end(() => reject(noAnswer(request))),
      );
      const end = (settle: () => void): void => {
        cancel();
        port1.close();
        settle();
      };
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
        end(() => (isReply(data) ? resolve(data) : reject(noAnswer(request)))),
      );
      port1.start();
      try {
        asked.postMessage(request, [port2]);
      } catch (cause) {
        // Nothing was sent: a value in it is no data (a function, a DOM node).
        end(() => reject(new OffingError('bad_request', 'The write cannot be sent.', { cause })));
      }
    });
  };
}
