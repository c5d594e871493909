/**
 * Branded ids: the compiler keeps a space's id out of an actor's place, and nothing becomes one
 * without passing `parse`. Spaces, actors, devices and accounts are UUIDv7 (RFC 9562, section 5.7).
 */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** The unit of sync, order and access: one log, one sequence. */
export type SpaceId = Brand<string, 'SpaceId'>;
/** One replica of one space in one database on one device. */
export type ActorId = Brand<string, 'ActorId'>;
/** One installation, as a person sees it in the device list. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** Who a token speaks for. */
export type AccountId = Brand<string, 'AccountId'>;
/** An op's place in its space's log: dense, 1, 2, 3 …; 0 is "before the first". */
export type Seq = Brand<number, 'Seq'>;
/** An op's number for its actor in its space: dense, 1, 2, 3 …; 0 is "none yet". */
export type Clock = Brand<number, 'Clock'>;
/** A log's generation. */
export type Epoch = Brand<string, 'Epoch'>;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a UUIDv7 in lower case, the only spelling the wire knows. */
export const isUuidV7 = (text: unknown): text is string =>
  typeof text === 'string' && UUID_V7.test(text);

export const isSpaceId = (text: unknown): text is SpaceId => isUuidV7(text);
export const isActorId = (text: unknown): text is ActorId => isUuidV7(text);

/** A whole number from 0 to 2^53 − 1. */
export const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;

export const asSeq = (n: number): Seq => n as Seq;
export const asClock = (n: number): Clock => n as Clock;
export const asEpoch = (text: string): Epoch => text as Epoch;

/** Who speaks for the server itself in every log: no device ever has this id. */
export const SERVER_ACTOR = '00000000-0000-7000-8000-000000000000' as ActorId;

export const FIRST_SEQ: Seq = asSeq(0);

/**
 * A UUIDv7 from a wall time in ms and ten random bytes (RFC 9562, section 5.7): 48 bits of time,
 * version, 12 random bits, variant, 62 random bits.
 */
export function uuidV7(now: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of a hexadecimal text of even length. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = (valueAt(text, 2 * i) << 4) | valueAt(text, 2 * i + 1);
  return bytes;
}

/** Of a hexadecimal digit, in either case. */
function valueAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code <= NINE ? code - ZERO : (code | LOWER) - TEN;
}
const ZERO = 0x30;
const NINE = 0x39;
const LOWER = 0x20;
const TEN = 0x61 - 10;
