/** All spaces of one request. They are independent: what goes wrong in one is that one's answer. */
import { utf8Length } from '../../core/index.ts';
import type { Limits } from '../../core/index.ts';
import type { Asker } from '../auth/reach.ts';
import type { SentAnswer } from './answer.ts';
import type { OpLog } from './op-log.ts';
import type { LogRequest } from './request.ts';

/** How much more than one space's share the ops of all spaces in one answer may take. */
const SHARES = 4;
/** What an op takes beside its payload: ids, numbers, the name of a key. */
const OP_BYTES = 256;

export interface SentAnswers {
  readonly now: number;
  readonly spaces: Readonly<Record<string, SentAnswer>>;
}

export interface ExchangeDeps {
  readonly log: OpLog;
  readonly limits: Pick<Limits, 'answerBytes'>;
  readonly now: () => number;
}

export async function exchangeAll(
  { log, limits, now }: ExchangeDeps,
  asker: Asker,
  requests: readonly LogRequest[],
): Promise<SentAnswers> {
  const answers: [string, SentAnswer][] = [];
  // A thousand spaces with a full page each would be an answer that no memory holds. So one after
  // the other: what those before have left is for the next, and each that has news gets an op.
  let room = SHARES * limits.answerBytes;
  for (const request of requests) {
    const answer = await log.exchange(asker, room > 0 ? { ...request, room } : oneOp(request));
    answers.push([request.space, answer]);
    room -= bytesIn(answer);
  }
  return { now: now(), spaces: Object.fromEntries(answers) };
}

const oneOp = (request: LogRequest): LogRequest => ({ ...request, limit: 1 });

function bytesIn(answer: SentAnswer): number {
  if ('error' in answer) return 0;
  const bytes = answer.ops.map(({ payload = '' }) => utf8Length(payload) + OP_BYTES);
  return bytes.reduce((sum, each) => sum + each, 0);
}
