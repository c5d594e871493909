/** The two hashes of an op, on Node's SHA-256: of what was received, and of the log so far. */
import { hash } from 'node:crypto';
import { EMPTY_DIGEST, nextDigest } from '../../core/index.ts';
import type { ActorId, SequencedOp } from '../../core/index.ts';
import type { RealOp } from './request.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** An op without its place. */
export type UnplacedOp = Omit<SequencedOp, 'seq'>;

/** An op as the wire brings it, from `actor`. */
export function unplaced(actor: ActorId, { clock, base, at, v, payload, key }: RealOp): UnplacedOp {
  const op = { actor, clock, base, at, v, payload };
  return key === undefined ? op : { ...op, key };
}

/**
 * Tells a repetition from a fork: the first link of a chain with this op alone. `at` is the
 * client's own here, as it sends it each time; the log has the clamped one.
 */
export const hashOfReceived = (op: UnplacedOp): string => nextDigest(EMPTY_DIGEST, op, sha256);

export const digestAfter = (before: string, op: UnplacedOp): string =>
  nextDigest(before, op, sha256);
