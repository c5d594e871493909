/**
 * The door through a message port: half the cost of the other, and it reaches a worker that does not
 * control the page yet. One channel for each question, so that answers need no numbering.
 */
import type { HostReply, PageRequest, Replies } from '../../core/index.ts';
import { isReplies, isReply, noAnswer, notPlainData, type Door } from './door.ts';
import type { Environment } from './environment.ts';
import { gather, type Writes } from './gather.ts';
import { createPatience } from './patience.ts';

/** `worker` is the one to ask just now; who asks first is posted first. */
export function portDoor(environment: Environment, worker: () => Promise<ServiceWorker>): Door {
  const patience = createPatience(environment);
  const ask = async (request: PageRequest | Writes): Promise<HostReply | Replies> => {
    const asked = await worker();
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        wait.stop();
        port1.close();
        settle();
      };
      const wait = patience(request, () => end(() => reject(noAnswer(request))));
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        wait.answered();
        const isAnswer = isReply(data) || (request.type === 'writes' && isReplies(data, request));
        end(() => (isAnswer ? resolve(data) : reject(noAnswer(request))));
      });
      port1.start();
      try {
        asked.postMessage(request, [port2]);
      } catch (cause) {
        // Nothing was sent.
        end(() => reject(notPlainData(cause)));
      }
    });
  };
  return gather(ask);
}
