/** The check value of a text that was checked in pieces (gzip's own, RFC 1952, section 8). */

const POLYNOMIAL = 0xedb88320;
/** x^0 and x^1, the highest bit being the lowest power. */
const ONE = 0x80000000;
const X = 0x40000000;
/** A byte moves what is before it by x^8 = x^(2^3). */
const LOG2_OF_BYTE = 3;

/**
 * The CRC-32 of two pieces, one behind the other, from that of each and the bytes of the second: the
 * first is multiplied by x^(8·bytes) modulo the polynomial (zlib's crc32_combine).
 */
export const joinCrc32 = (first: number, second: number, bytes: number): number =>
  (times(powerOfX(bytes, LOG2_OF_BYTE), first) ^ second) >>> 0;

/** x^(n·2^k) modulo the polynomial, by squaring. */
function powerOfX(n: number, k: number): number {
  let power = ONE;
  let square = X;
  for (let i = 0; i < k; i++) square = times(square, square);
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = times(square, power);
    square = times(square, square);
  }
  return power;
}

function times(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
  }
  return product >>> 0;
}
