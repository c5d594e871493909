/**
 * The digest: a chain over a space's log that client and server compare at each exchange, so that a
 * log which is not the same log is noticed. The hash function is an argument: core has no crypto.
 */
import { fromHex, toHex } from './ids.ts';
import type { SequencedOp } from './op.ts';

/** SHA-256 (FIPS 180-4): 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

const DIGEST_BYTES = 16;

/** An op without its place. */
export type UnplacedOp = Omit<SequencedOp, 'seq'>;

/** The digest at seq 0: sixteen zero bytes, in hex. */
export const EMPTY_DIGEST = '00'.repeat(DIGEST_BYTES);

// core has no DOM or Node types, but every host has this encoder (WHATWG Encoding).
declare const TextEncoder: new () => {
  encodeInto(text: string, bytes: Uint8Array): { readonly written: number };
};

/**
 * The digest after `op`: the first 16 bytes of SHA-256 over the digest before it and the fields
 * actor, clock, base, at, v, key, payload, each preceded by its length as u32 big-endian; integers
 * as ASCII decimal, strings as UTF-8, an absent key empty. Hex in, hex out.
 */
export const nextDigest = (before: string, op: UnplacedOp, sha256: Sha256): string =>
  toHex(nextDigestBytes(fromHex(before), op, sha256));

/** The same for who goes on from it: 16 bytes in and out. */
export function nextDigestBytes(before: Uint8Array, op: Hashed, sha256: Sha256): Uint8Array {
  const framed = framing.begin(before, op.payload.length + (op.key?.length ?? 0));
  framed.add(op.actor);
  framed.add(String(op.clock));
  framed.add(String(op.base));
  framed.add(String(op.at));
  framed.add(String(op.v));
  framed.add(op.key ?? '');
  framed.add(op.payload);
  return sha256(framed.bytes()).subarray(0, DIGEST_BYTES);
}

/** A character of UTF-16 takes at most three bytes in UTF-8. */
const BYTES_PER_CHARACTER = 3;
const LENGTH_BYTES = 4;
/** Room for the short fields and the lengths of all. */
const FRAME_BYTES = 1024;
/** For what is shorter, calling the encoder costs more than it does. */
const SHORT = 64;

/** The bytes that are hashed, put together in one buffer that is used again: this runs for every op. */
class Framing {
  readonly #utf8 = new TextEncoder();
  #buffer = new Uint8Array(4096);
  #view = new DataView(this.#buffer.buffer);
  #end = 0;

  begin(first: Uint8Array, characters: number): this {
    const most = FRAME_BYTES + characters * BYTES_PER_CHARACTER;
    if (most > this.#buffer.length) {
      this.#buffer = new Uint8Array(2 * most);
      this.#view = new DataView(this.#buffer.buffer);
    }
    this.#buffer.set(first);
    this.#end = first.length;
    return this;
  }

  add(text: string): void {
    const start = this.#end + LENGTH_BYTES;
    const length = this.#putAscii(text, start) ?? this.#putUtf8(text, start);
    this.#view.setUint32(this.#end, length);
    this.#end = start + length;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#end);
  }

  #putAscii(text: string, start: number): number | undefined {
    if (text.length > SHORT) return undefined;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return undefined;
      this.#buffer[start + i] = code;
    }
    return text.length;
  }

  #putUtf8(text: string, start: number): number {
    return this.#utf8.encodeInto(text, this.#buffer.subarray(start)).written;
  }
}

const framing = new Framing();

/** What is hashed of an op. */
type Hashed = Omit<UnplacedOp, 'key'> & { readonly key?: string | undefined };

/** The digest after each of `ops`, in order. */
export function digestThrough(before: string, ops: readonly Hashed[], sha256: Sha256): string {
  const step = (digest: Uint8Array, op: Hashed) => nextDigestBytes(digest, op, sha256);
  return toHex(ops.reduce(step, fromHex(before)));
}
