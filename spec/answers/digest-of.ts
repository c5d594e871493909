/** The digest that an answer has to name, once a script has changed its ops. */
import { createHash } from 'node:crypto';
import {
  digestThrough,
  EMPTY_DIGEST,
  type PushRequest,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import type { GoodPart } from './way.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Of the log after these ops of the answer; own ones are completed from the request. */
export function digestAfter(push: PushRequest, space: SpaceId, ops: GoodPart['ops']): string {
  const asked = push.spaces[space];
  const sent = new Map((asked?.ops ?? []).map((op) => [op.clock, op]));
  const whole = ops.map((op) =>
    op.payload === undefined ? { ...sent.get(op.clock), ...op } : op,
  ) as SequencedOp[];
  return digestThrough(asked?.digest ?? EMPTY_DIGEST, whole, sha256);
}
