/** How a request goes over a connection: framed well, in pieces, or by a lie about itself. */
import type { Random } from '../support/random.ts';
import { headBytes, type FuzzRequest } from './fuzz-request.ts';

export interface Framed {
  readonly name: string;
  /** Written one after the other, each by itself. */
  readonly pieces: readonly Buffer[];
  /**
   * `sound`: one request of HTTP/1.1, and the connection can go on. `slow`: one that does not
   * arrive, without a word. `broken`: not one request; what comes back is not the protocol's.
   */
  readonly kind: 'sound' | 'slow' | 'broken';
}

export function framed(request: FuzzRequest, random: Random): Framed {
  const body = request.body ?? Buffer.alloc(0);
  const make = random.pick(body.length > 1 ? [...SOUND, ...OF_BODY] : SOUND);
  if (random.chance(0.2)) return random.pick(BROKEN)(request, body, random);
  const well = make(request, body, random);
  return isHttp(request) ? well : { ...well, kind: 'broken' };
}

/** Node takes heads of up to 16 KiB, and an address has no spaces. */
export const isHttp = (request: FuzzRequest): boolean =>
  head(request, []).length < 15_000 && /^[\x21-\x7e]+$/.test(request.target);

type Framing = (request: FuzzRequest, body: Buffer, random: Random) => Framed;

const head = (
  { method, target, headers }: FuzzRequest,
  more: readonly (readonly [string, string])[],
) => headBytes(method, target, [...headers, ...more]);
const length = (n: number | string) => [['Content-Length', String(n)]] as const;
const CHUNKED = [['Transfer-Encoding', 'chunked']] as const;
const chunk = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const LAST = Buffer.from('0\r\n\r\n');

function cut(bytes: Buffer, random: Random, most: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const size = pieces.length === most - 1 ? rest.length : 1 + random.below(rest.length);
    pieces.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return pieces;
}

const whole: Framing = (request, body) => ({
  name: 'whole',
  kind: 'sound',
  pieces: [Buffer.concat([head(request, request.body ? length(body.length) : []), body])],
});
const SOUND: readonly Framing[] = [
  whole,
  whole,
  (request, body, random) => ({
    name: 'in pieces',
    kind: 'sound',
    pieces: cut(Buffer.concat(whole(request, body, random).pieces), random, 6),
  }),
];

const OF_BODY: readonly Framing[] = [
  (request, body, random) => ({
    name: 'chunked',
    kind: 'sound',
    pieces: [head(request, CHUNKED), ...cut(body, random, 6).map(chunk), LAST],
  }),
  (request, body, random) => ({
    name: 'chunked, byte by byte at its end',
    kind: 'sound',
    pieces: [
      head(request, CHUNKED),
      // An empty chunk would be the last.
      ...[body.subarray(0, -3)].filter(({ length: size }) => size > 0).map(chunk),
      ...cut(body.subarray(-3), random, 3).map(chunk),
      LAST,
    ],
  }),
  (request, body, random) => ({
    name: 'a length that is too small',
    kind: 'broken',
    pieces: [head(request, length(random.below(body.length))), body],
  }),
  (request, body) => ({ name: 'no length', kind: 'broken', pieces: [head(request, []), body] }),
  (request, body, random) => ({
    name: 'cut off within the body',
    kind: 'broken',
    pieces: [head(request, length(body.length + 1 + random.below(99))), body],
  }),
  (request, body) => ({
    name: 'chunks without the last',
    kind: 'broken',
    pieces: [head(request, CHUNKED), chunk(body)],
  }),
];

/** A body of which the rest never comes. */
export const stalled: Framing = (request, body, random) => {
  const rest = 1 + random.below(99);
  const isChunked = random.chance(0.5);
  return {
    name: 'stalled',
    kind: 'slow',
    pieces: isChunked
      ? [head(request, CHUNKED), chunk(body)]
      : [head(request, length(body.length + rest)), body],
  };
};

const lines = (...text: string[]): Buffer => Buffer.from(`${text.join('\r\n')}\r\n\r\n`, 'latin1');
const raw =
  (name: string, ...pieces: readonly Buffer[]): Framing =>
  () => ({ name, kind: 'broken', pieces });
const lying =
  (name: string, ...more: readonly (readonly [string, string])[]): Framing =>
  (request, body) => ({ name, kind: 'broken', pieces: [head(request, more), body] });
const badChunk =
  (name: string, text: string): Framing =>
  (request) => ({
    name,
    kind: 'broken',
    pieces: [head(request, CHUNKED), Buffer.from(text, 'latin1')],
  });

const BROKEN: readonly Framing[] = [
  ...['-1', '+5', '0x10', '1.5', '1e3', '', '99999999999999999999', '5, 5', ' ', 'NaN'].map(
    (text) => lying(`a length of "${text}"`, ['Content-Length', text]),
  ),
  lying('two lengths', ['Content-Length', '1'], ['Content-Length', '2']),
  lying('a length and chunks', ['Content-Length', '4'], ['Transfer-Encoding', 'chunked']),
  ...['gzip', 'gzip, chunked', 'chunked, chunked', 'identity', 'xchunked', ' chunked ', ''].map(
    (text) => lying(`transfer "${text}"`, ['Transfer-Encoding', text]),
  ),
  badChunk('a chunk size that is none', 'zz\r\n{}\r\n0\r\n\r\n'),
  badChunk('a chunk size without end', `${'f'.repeat(60)}\r\n{}`),
  badChunk('a negative chunk', '-2\r\n{}\r\n0\r\n\r\n'),
  badChunk('a chunk that is longer than it says', '1\r\n{"a":1}\r\n0\r\n\r\n'),
  badChunk('an endless extension of a chunk', `2;${'x'.repeat(40_000)}\r\n{}\r\n0\r\n\r\n`),
  badChunk('trailers', `2\r\n{}\r\n0\r\n${'A: b\r\n'.repeat(5000)}\r\n`),
  lying('a header of 20 KiB', ['X', 'y'.repeat(20_000)]),
  lying('3000 headers', ...Array.from({ length: 3000 }, (_, i) => [`X${i}`, ''] as const)),
  lying('a NUL', ['X', 'a\u0000b']),
  lying('a folded header', ['X', 'a\r\n b']),
  lying('a header without a name', ['', 'a']),
  lying('a name with a space', ['X Y', 'a']),
  lying('an unknown expectation', ['Expect', 'a-miracle']),
  lying('another host', ['Host', 'evil']),
  raw('nothing', Buffer.alloc(0)),
  raw('garbage', Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 89) % 256))),
  raw('the greeting of TLS', Buffer.from('16030100c8010000c40303', 'hex')),
  raw('HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  raw('HTTP/0.9', lines('GET /healthz')),
  raw('HTTP/1.0', lines('GET /healthz HTTP/1.0')),
  raw('HTTP/9.9', lines('GET /healthz HTTP/9.9', 'Host: x')),
  raw('no host', lines('GET /healthz HTTP/1.1')),
  raw('a host that is none', lines('GET /sync/limits HTTP/1.1', 'Host: a b%\\')),
  raw('no path', lines('OPTIONS * HTTP/1.1', 'Host: x')),
  raw('an authority', lines('CONNECT localhost:80 HTTP/1.1', 'Host: x')),
  raw('a whole address', lines('GET http://[::1/sync/limits HTTP/1.1', 'Host: x')),
  raw('a backslash', lines('GET /sync\\push HTTP/1.1', 'Host: x')),
  raw('TRACE', lines('TRACE /sync/push HTTP/1.1', 'Host: x')),
  raw('a method of its own', lines('FROBNICATE /sync/push HTTP/1.1', 'Host: x')),
  raw('a small method', lines('post /sync/push HTTP/1.1', 'Host: x')),
  raw(
    'an upgrade',
    lines('GET /healthz HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c'),
  ),
  raw('line feeds alone', Buffer.from('GET /healthz HTTP/1.1\nHost: x\n\n')),
  raw('half a head', Buffer.from('GET /healthz HTTP/1.1\r\nHos')),
  raw('a long address', lines(`GET /${'a'.repeat(30_000)} HTTP/1.1`, 'Host: x')),
  raw(
    'many at once',
    ...Array.from({ length: 200 }, () => lines('GET /sync/limits HTTP/1.1', 'Host: x')),
  ),
];
