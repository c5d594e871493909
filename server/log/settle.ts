/**
 * Gives each op of a request its verdict: repeated, taken, refused or void; or finds why none can
 * have one. Pure.
 *
 *   clock   1 ············ last │ last + 1 …      beyond
 *           a repetition, whose │ taken or        a gap
 *           bytes must be kept  │ refused
 */
import {
  asClock,
  asSeq,
  fromHex,
  hasForbiddenText,
  isTooLarge,
  PAYLOAD_VERSIONS,
  utf8Length,
} from '../../core/index.ts';
import type { ActorId, Clock, Limits, Refused, Seq, UnplacedOp } from '../../core/index.ts';
import type { Kept, LogRow, RefusedRow } from '../store/port.ts';
import { digestAfter, hashOfReceived, isSame, unplaced } from './op-hash.ts';
import { isVoid } from './request.ts';
import type { RealOp, SentOp } from './request.ts';

/** Longer names of keys would make answers larger than their limit says. */
export const KEY_BYTES = 256;

/** Where the log and the actor stand before the request. */
export interface Before {
  readonly actor: ActorId;
  readonly head: Seq;
  readonly digest: string;
  readonly last: Clock;
  readonly kept: ReadonlyMap<Clock, Kept>;
  readonly mayWrite: boolean;
  readonly now: number;
  readonly limits: Limits;
}

export type Settled =
  | {
      readonly kind: 'settled';
      readonly last: Clock;
      readonly append: readonly LogRow[];
      readonly refuse: readonly RefusedRow[];
      /** Clocks that were to be void, and are in the log. */
      readonly taken: readonly Clock[];
    }
  | { readonly kind: 'forked'; readonly clock: Clock }
  | { readonly kind: 'gap'; readonly expected: Clock }
  | { readonly kind: 'unknown-version' };

export function settle(ops: readonly SentOp[], before: Before): Settled {
  // Grows with this request's own ops: a clock may come twice in one body as well.
  const kept = new Map(before.kept);
  const append: LogRow[] = [];
  const refuse: RefusedRow[] = [];
  const taken: Clock[] = [];
  let last = before.last;
  let digest = fromHex(before.digest);
  for (const op of ops) {
    if (op.clock > last + 1) return { kind: 'gap', expected: asClock(last + 1) };
    const isRepeated = op.clock <= last;
    if (isVoid(op)) {
      if (isRepeated && kept.get(op.clock)?.isInLog) taken.push(op.clock);
      if (!isRepeated) last = op.clock;
      continue;
    }
    const received = unplaced(before.actor, op);
    if (isRepeated) {
      const former = kept.get(op.clock);
      if (!former || !isSame(former, received)) return { kind: 'forked', clock: op.clock };
      continue;
    }
    if (!PAYLOAD_VERSIONS.includes(op.v)) return { kind: 'unknown-version' };
    const refusal = refusalOf(op, before);
    if (refusal) {
      const hash = hashOfReceived(received);
      refuse.push({ ...refusal, hash });
      kept.set(op.clock, { isInLog: false, hash });
    } else {
      const row = rowOf(received, before.now, digest, before.head + append.length + 1);
      append.push(row);
      digest = row.digest;
      kept.set(op.clock, { isInLog: true, op: received });
    }
    last = op.clock;
  }
  return { kind: 'settled', last, append, refuse, taken };
}

/** Why this op can never be in the log, or null. */
function refusalOf(op: RealOp, { mayWrite, head, limits }: Before): Refused | null {
  const { clock, payload, key = '' } = op;
  if (!mayWrite) return { clock, code: 'forbidden' };
  if (isTooLarge(payload, limits)) return { clock, code: 'too_large', limit: limits.payloadBytes };
  const isBad =
    op.base > head ||
    hasForbiddenText(payload) ||
    hasForbiddenText(key) ||
    utf8Length(key) > KEY_BYTES;
  return isBad ? { clock, code: 'bad_op' } : null;
}

/**
 * The op as the log holds it, with the chain at it: its author cannot write in the future. Named
 * member by member, here and in op-rows.ts: to copy each op by spread shows in a profile of large pushes.
 */
function rowOf(received: UnplacedOp, now: number, digest: Uint8Array, seq: number): LogRow {
  const { actor, clock, base, v, key, payload } = received;
  const isAhead = received.at > now;
  const op = isAhead ? { ...received, at: now } : received;
  const hash = isAhead ? hashOfReceived(received) : null;
  const chained = digestAfter(digest, op);
  const row = { seq: asSeq(seq), actor, clock, base, at: op.at, v, payload, hash, digest: chained };
  return key === undefined ? row : { ...row, key };
}
