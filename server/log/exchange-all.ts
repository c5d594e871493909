/** All spaces of one request. They are independent: what goes wrong in one is that one's answer. */
import type { Asker } from '../auth/reach.ts';
import type { SentAnswer } from './answer.ts';
import type { OpLog } from './op-log.ts';
import type { LogRequest } from './request.ts';

export interface SentAnswers {
  readonly now: number;
  readonly spaces: Readonly<Record<string, SentAnswer>>;
}

export async function exchangeAll(
  { log, now }: { readonly log: OpLog; readonly now: () => number },
  asker: Asker,
  requests: readonly LogRequest[],
): Promise<SentAnswers> {
  // Begun together, so that a store may commit them together.
  const answers = await Promise.all(
    requests.map(async (request) => [request.space, await log.exchange(asker, request)] as const),
  );
  return { now: now(), spaces: Object.fromEntries(answers) };
}
