/** Puts an admission and its page into the wire's words. */
import type { Clock, PushAnswerSchema, SequencedOp } from '../../core/index.ts';
import type { InferInput } from 'valibot';
import type { Page } from '../store/port.ts';
import type { Admission } from './admit.ts';
import { isVoid } from './request.ts';
import type { LogRequest } from './request.ts';

/** An answer about one space as it is sent: what the wire's schema takes in. */
export type SentAnswer = InferInput<typeof PushAnswerSchema>['spaces'][string];
type SentOp = Exclude<SentAnswer, { error: unknown }>['ops'][number];

export function answerOf(admission: Admission, page: Page | null, request: LogRequest): SentAnswer {
  if (admission.kind === 'refused') return { error: admission.error };
  const { epoch, head, horizon, access, own, acked, digestAtSince } = admission;
  const ops = page?.ops ?? [];
  return {
    epoch,
    head,
    horizon,
    access,
    ...(own && { own }),
    acked,
    refused: [...admission.refused],
    taken: [...admission.taken],
    ops: withoutOwn(ops, request),
    digest: page?.digest ?? digestAtSince,
    more: (ops.at(-1)?.seq ?? request.since) < head,
  };
}

/** An own op that came in this very request, or that is said to be at hand, is named alone. */
function withoutOwn(ops: readonly SequencedOp[], { actor, ops: sent, have }: LogRequest): SentOp[] {
  const carried = new Set(sent.filter((op) => !isVoid(op)).map((op) => op.clock));
  const isAtHand = (clock: Clock): boolean =>
    carried.has(clock) || (have !== undefined && clock >= have.from && clock <= have.to);
  return ops.map((op) => {
    const isOwn = op.actor === actor && isAtHand(op.clock);
    return isOwn ? { seq: op.seq, actor: op.actor, clock: op.clock, at: op.at } : op;
  });
}
