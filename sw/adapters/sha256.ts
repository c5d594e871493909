/**
 * SHA-256 (FIPS 180-4), synchronous: the digest chain is folded inside a transaction, which the
 * promise of WebCrypto would end. It guards against a log that is not the same log; nothing secret
 * goes through it.
 */

const WORD_BYTES = 4;
const BLOCK_BYTES = 64;
/** A one bit and the length in 64 bits come behind the message. */
const PADDING_BYTES = 9;

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = wordsOf([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const ROUND = wordsOf([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** The message schedule of one block: used again, for nothing here is ever interrupted. */
const schedule = new DataView(new ArrayBuffer(64 * WORD_BYTES));

/** The 32 bytes of the hash. */
export function sha256(message: Uint8Array): Uint8Array {
  const state = new DataView(INITIAL.buffer.slice(0));
  const whole = message.length - (message.length % BLOCK_BYTES);
  const blocks = new DataView(message.buffer, message.byteOffset, whole);
  for (let at = 0; at < whole; at += BLOCK_BYTES) mix(state, blocks, at);
  const tail = tailOf(message, whole);
  for (let at = 0; at < tail.byteLength; at += BLOCK_BYTES) mix(state, tail, at);
  return new Uint8Array(state.buffer);
}

/** What is left behind the whole blocks, with its padding: one block, or two. */
function tailOf(message: Uint8Array, whole: number): DataView {
  const rest = message.length - whole;
  const bytes = new Uint8Array(BLOCK_BYTES * Math.ceil((rest + PADDING_BYTES) / BLOCK_BYTES));
  bytes.set(message.subarray(whole));
  bytes[rest] = 0x80;
  const tail = new DataView(bytes.buffer);
  tail.setBigUint64(bytes.length - 8, 8n * BigInt(message.length));
  return tail;
}

/** One block into the state, in the standard's own letters. */
function mix(state: DataView, block: DataView, at: number): void {
  for (let t = 0; t < 16; t++) put(schedule, t, block.getInt32(at + WORD_BYTES * t));
  for (let t = 16; t < 64; t++) {
    const w15 = word(schedule, t - 15);
    const w2 = word(schedule, t - 2);
    const s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ (w15 >>> 3);
    const s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ (w2 >>> 10);
    put(schedule, t, word(schedule, t - 16) + s0 + word(schedule, t - 7) + s1);
  }
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  let f = word(state, 5);
  let g = word(state, 6);
  let h = word(state, 7);
  for (let t = 0; t < 64; t++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const t1 = h + s1 + ((e & f) ^ (~e & g)) + word(ROUND, t) + word(schedule, t);
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  put(state, 0, a + word(state, 0));
  put(state, 1, b + word(state, 1));
  put(state, 2, c + word(state, 2));
  put(state, 3, d + word(state, 3));
  put(state, 4, e + word(state, 4));
  put(state, 5, f + word(state, 5));
  put(state, 6, g + word(state, 6));
  put(state, 7, h + word(state, 7));
}

function wordsOf(words: readonly number[]): DataView {
  const view = new DataView(new ArrayBuffer(words.length * WORD_BYTES));
  for (const [i, each] of words.entries()) put(view, i, each);
  return view;
}

function word(words: DataView, i: number): number {
  return words.getInt32(WORD_BYTES * i);
}

function put(words: DataView, i: number, to: number): void {
  words.setInt32(WORD_BYTES * i, to);
}

function rotated(bits: number, by: number): number {
  return (bits >>> by) | (bits << (32 - by));
}
