/** What all ways to a host have in common: one question, one answer, and an end to waiting. */
import { isObject, type HostReply, type PageRequest, type Replies } from '../../core/index.ts';
import { OffingError } from './errors.ts';
import type { Writes } from './gather.ts';

/** Rejects with OffingError `unreachable` where no answer came. */
export type Door = (request: PageRequest) => Promise<HostReply>;

/** A worker that was killed in the middle never answers. */
export const ANSWER_WITHIN_MS = 30_000;
/** These it answers after the server did, for whom it has a time-out of its own. */
export const SERVER_ANSWERS_WITHIN_MS = 90_000;
/**
 * A ring is answered at once, before what it sets off. While one is waited for no other is sent, so
 * a worker that was killed over it must not cost half a minute of silence.
 */
export const RING_ANSWERED_WITHIN_MS = 3_000;
/** For each op of a bulk write, on a slow phone. */
const PER_OP_MS = 10;

export function answerWithin(request: PageRequest | Writes): number {
  switch (request.type) {
    case 'write':
      return ANSWER_WITHIN_MS + PER_OP_MS * opsIn(request);
    case 'writes':
      return (
        ANSWER_WITHIN_MS + PER_OP_MS * request.writes.reduce((sum, one) => sum + opsIn(one), 0)
      );
    case 'sync-now':
    case 'connect':
    case 'start-anew':
      return SERVER_ANSWERS_WITHIN_MS;
    case 'hello':
    case 'status':
    case 'catch-up':
    case 'unfold':
    case 'pause':
    case 'resume':
    case 'discard':
    case 'persistence-asked':
    case 'let-go':
    case 'loss-seen':
    case 'away-seen':
      return ANSWER_WITHIN_MS;
    case 'ring':
      return RING_ANSWERED_WITHIN_MS;
  }
}

const opsIn = ({ ops, former = [] }: Writes['writes'][number]): number =>
  ops.length + former.length;

const REPLIES: readonly unknown[] = ['ok', 'accepted', 'caught-up', 'error'];

export const isReply = (value: unknown): value is HostReply =>
  isObject(value) && REPLIES.includes(value['type']);

/** A reply to each of the writes. */
export const isReplies = (value: unknown, { writes }: Writes): value is Replies =>
  isObject(value) &&
  value['type'] === 'replies' &&
  Array.isArray(value['replies']) &&
  value['replies'].length === writes.length &&
  value['replies'].every(isReply);

export function noAnswer({ type }: PageRequest | Writes, options?: ErrorOptions): OffingError {
  const detail =
    type === 'write' || type === 'writes'
      ? 'The host did not answer. The write may have been kept all the same: look before writing it again.'
      : 'The host did not answer.';
  return new OffingError('unreachable', detail, options);
}

export const notPlainData = (cause: unknown): OffingError =>
  new OffingError('bad_request', 'A value of the write is not plain data.', { cause });

/** Asks once more where an answer was lost and being asked twice does no harm. */
export function askAgain(door: Door): Door {
  return async (request) => {
    try {
      return await door(request);
    } catch (error) {
      if (!isRepeatable(request)) throw error;
      return door(request);
    }
  };
}

function isRepeatable({ type }: PageRequest): boolean {
  switch (type) {
    case 'hello':
    case 'status':
    case 'catch-up':
    case 'unfold':
    case 'pause':
    case 'resume':
    case 'discard':
    case 'persistence-asked':
    case 'let-go':
    case 'loss-seen':
    case 'away-seen':
      return true;
    // Repeated, a write would be a second op. The others are repeated by whoever still wants them.
    case 'write':
    case 'ring':
    case 'sync-now':
    case 'connect':
    case 'start-anew':
      return false;
  }
}
