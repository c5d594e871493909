/** The two hashes of an op, on Node's SHA-256: of what was received, and of the log so far. */
import { hash } from 'node:crypto';
import { EMPTY_DIGEST, nextDigest, nextDigestBytes } from '../../core/index.ts';
import type { ActorId, UnplacedOp } from '../../core/index.ts';
import type { Kept } from '../store/port.ts';
import type { RealOp } from './request.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** An op as the wire brings it, from `actor`. */
export function unplaced(actor: ActorId, { clock, base, at, v, payload, key }: RealOp): UnplacedOp {
  const op = { actor, clock, base, at, v, payload };
  return key === undefined ? op : { ...op, key };
}

/**
 * Of an op that the log does not have as it was received: the first link of a chain with this op
 * alone. `at` is the client's own here, as it sends it each time; the log has the clamped one.
 */
export const hashOfReceived = (op: UnplacedOp): string => nextDigest(EMPTY_DIGEST, op, sha256);

/** Tells a repetition from a fork, among the ops of one actor. */
export const isSame = (kept: Kept, received: UnplacedOp): boolean =>
  kept.op === undefined ? kept.hash === hashOfReceived(received) : areEqual(kept.op, received);

const areEqual = (a: NonNullable<Kept['op']>, b: UnplacedOp): boolean =>
  a.clock === b.clock &&
  a.base === b.base &&
  a.at === b.at &&
  a.v === b.v &&
  a.key === b.key &&
  a.payload === b.payload;

export const digestAfter = (before: Uint8Array, op: UnplacedOp): Uint8Array =>
  nextDigestBytes(before, op, sha256);
