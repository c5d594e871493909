/**
 * The digest: a chain over a space's log that client and server compare at each exchange, so that a
 * log which is not the same log is noticed. The hash function is an argument: core has no crypto.
 */
import { fromHex, toHex } from './ids.ts';
import type { SequencedOp } from './op.ts';

/** SHA-256 (FIPS 180-4): 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const DIGEST_BYTES = 16;

/** The digest at seq 0: sixteen zero bytes, in hex. */
export const EMPTY_DIGEST = '00'.repeat(DIGEST_BYTES);

// core has no DOM or Node types, but every host has this encoder (WHATWG Encoding).
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
const utf8 = new TextEncoder();

/**
 * The digest after `op`: the first 16 bytes of SHA-256 over the digest before it and the fields
 * actor, clock, base, at, v, key, payload, each preceded by its length as u32 big-endian; integers
 * as ASCII decimal, strings as UTF-8, an absent key empty. Hex in, hex out.
 */
export function nextDigest(before: string, op: Omit<SequencedOp, 'seq'>, sha256: Sha256): string {
  const fields = [op.actor, op.clock, op.base, op.at, op.v, op.key ?? '', op.payload];
  const parts = fields.map((field) => utf8.encode(String(field)));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, DIGEST_BYTES));
  const view = new DataView(bytes.buffer);
  bytes.set(fromHex(before));
  let end = DIGEST_BYTES;
  for (const part of parts) {
    view.setUint32(end, part.length);
    bytes.set(part, end + 4);
    end += 4 + part.length;
  }
  return toHex(sha256(bytes).subarray(0, DIGEST_BYTES));
}

/** The digest after each of `ops`, in order. */
export function digestThrough(before: string, ops: readonly SequencedOp[], sha256: Sha256): string {
  return ops.reduce((digest, op) => nextDigest(digest, op, sha256), before);
}
