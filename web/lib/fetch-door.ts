/**
 * The door through `POST /sync/local`, which the worker answers in place of the network. Open to any
 * code of the page; this library uses it where it is told to. It needs a worker that controls the page.
 */
import {
  HOST_ERRORS,
  isObject,
  type HostErrorCode,
  type HostReply,
  type PageRequest,
} from '../../core/index.ts';
import { answerWithin, isReply, noAnswer, type Door } from './door.ts';
import type { Environment } from './environment.ts';

export const LOCAL_PATH = '/sync/local';

/** `controlled` resolves once a worker controls the page: before that, a request would go out. */
export function fetchDoor(environment: Environment, controlled: () => Promise<void>): Door {
  let lastWrite: Promise<unknown> = Promise.resolve();

  const post = async (request: PageRequest): Promise<HostReply> => {
    await controlled();
    const abort = new AbortController();
    const cancel = environment.after(answerWithin(request), () => abort.abort());
    try {
      const response = await environment.fetch(LOCAL_PATH, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
        signal: abort.signal,
      });
      return replyOf(response.ok, await response.json());
    } catch (cause) {
      throw noAnswer(request, { cause });
    } finally {
      cancel();
    }
  };

  return (request) => {
    if (request.type !== 'write') return post(request);
    // Requests under way at the same time may overtake each other, and writes must not.
    const reply = lastWrite.then(() => post(request));
    lastWrite = reply.catch(() => {});
    return reply;
  };
}

/** A reply, or a problem (RFC 9457) with one of the host's codes; all else did not come from it. */
function replyOf(isOk: boolean, body: unknown): HostReply {
  if (isOk && isReply(body)) return body;
  if (!isOk && isObject(body) && isHostError(body['code'])) {
    return { type: 'error', code: body['code'], detail: textOf(body['detail']) };
  }
  throw new Error('Something else answered in the place of the worker.');
}

const isHostError = (code: unknown): code is HostErrorCode =>
  HOST_ERRORS.some((known) => known === code);

const textOf = (detail: unknown): string => (typeof detail === 'string' ? detail : '');
