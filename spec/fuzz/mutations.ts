/** What is done to a request that was right: to its JSON, its bytes, its coding, its head, its address. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Random } from '../support/random.ts';
import { withHeader, type FuzzRequest } from './fuzz-request.ts';
import { mutate, textOf, treeOf } from './json-tree.ts';
import type { Draft } from './valid-requests.ts';
import { LIMITS } from './world.ts';

/** Ready to be sent: as it is, or with a few things wrong. */
export function disturbed({ json, ...head }: Draft, random: Random): FuzzRequest {
  let tree = json === null ? null : treeOf(json);
  const wrongs = random.pick([0, 0, 1, 1, 1, 2, 3]);
  let request: FuzzRequest = { ...head, body: null };
  let isOfBytes = false;
  for (let i = 0; i < wrongs; i++) {
    const kind = random.below(tree === null ? 3 : 10);
    if (kind === 0) request = otherTarget(request, random);
    else if (kind === 1) request = otherHeader(request, random);
    else if (kind === 2) request = { ...request, method: random.pick(METHODS) };
    else if (kind === 3) isOfBytes = true;
    else if (tree !== null) tree = mutate(tree, random);
  }
  if (tree === null) return random.chance(0.1) ? { ...request, body: junk(random) } : request;
  request = { ...request, body: Buffer.from(textOf(tree)) };
  if (isOfBytes) request = { ...request, body: otherBytes(request.body, random) };
  if (random.chance(0.25)) request = encoded(request, random);
  return request;
}

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const junk = (random: Random): Buffer =>
  Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));

const TARGETS = [
  '/%',
  '/%zz',
  '/%ff',
  '/%00',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2foffing.db',
  '//',
  '/sync/%70ush',
  '/sync/pull?since=%',
  '/sync/pull?since=%ff',
  '/sync//push',
  '/SYNC/push',
  '/sync/push/',
  '/sync/bootstrap/',
  '/sync/bootstrap/%E0%A4%A',
  '/sync/bootstrap/__proto__',
  '/sync/pull?__proto__=1&constructor=2',
  '/sync/pull?since=',
  '/sync/pull?since=,,,,',
  '/?',
  '/sync/events?spaces=',
  '/sync/events?spaces=a',
  '/sync/events?spaces=%2C',
  '/healthz/x',
  '/index.html/x',
  '/assets/',
  '/assets/..',
  '/worker.js%20',
  '/.',
  '/a%5cb',
  '/%C0%AE%C0%AE/',
];

export function otherTarget(request: FuzzRequest, random: Random): FuzzRequest {
  const { target } = request;
  const at = random.below(target.length + 1);
  const query = target.includes('?') ? '&' : '?';
  const others = [
    random.pick(TARGETS),
    `${target.slice(0, at)}${random.pick(['%', '%2', '%00', '%ff', '%2f', '/', '..', ':', ',', '+'])}${target.slice(at)}`,
    `${target.slice(0, at)}${target.slice(at + 1)}`,
    `${target}${query}${random.pick(['limit', 'since', 'actor', 'spaces'])}=${random.pick(['', '0', '-1', '1e3', '9007199254740993', '9'.repeat(400), '1', ' 1', '%31'])}`,
    `${target}${query}x=${'y'.repeat(random.pick([100, 8000]))}`,
    `${target}${query}${'since=a:1,'.repeat(900)}`,
    target.toUpperCase(),
    `${target}${target}`,
  ];
  return { ...request, target: `/${random.pick(others).replace(/^\//, '')}` };
}

const HEADERS: Readonly<Record<string, readonly (string | null)[]>> = {
  'Content-Type': [
    null,
    '',
    'text/plain',
    'application/json; charset=utf-8',
    'application/json;charset=latin1',

    'application/json; charset=utf-16',
    'multipart/form-data',
    'application/json; x=y',
    ';',
    'APPLICATION/JSON',
    'application/json, text/html',
    `application/json;${' '.repeat(5000)}x`,
  ],
  'Content-Encoding': [
    'gzip',
    'GZIP',
    'gzip, gzip',
    'x-gzip',
    'br',
    'deflate',
    'identity',
    '',
    '*',
  ],
  Authorization: [
    null,
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'bearer off_x',
    `Bearer off_${'é'.repeat(40)}`,

    `Bearer ${'x'.repeat(6000)}`,
    `Bearer a${' '.repeat(5000)}b`,
    'Bearer __proto__',
    'null',
  ],
  'Offing-Protocol': ['1', ' 1 ', '2', '0', '-1', '1.0', '1, 1', '', 'NaN', '1'.repeat(500)],
  'Accept-Encoding': [
    '',
    '*',
    '*;q=0',
    'gzip;q=2',
    'br;q=0.0001',
    'zstd',
    'identity;q=0',
    ',,,;;;===',
    'gzip;q=nan',

    `gzip;q=1${'0'.repeat(3000)}`,
    'a,'.repeat(2000),
  ],
  Range: [
    'bytes=0-',
    'bytes=-1',
    'bytes=5-2',
    'bytes=99999-',
    'bytes=0-0,2-3',
    'x',
    `bytes=${'9'.repeat(400)}-`,
  ],
  'If-None-Match': ['*', '"x"', 'W/"x"', '"', '"'.repeat(3000)],
  'If-Modified-Since': ['x', 'Thu, 01 Jan 1970 00:00:00 GMT', '-1'],
  Accept: ['text/html', '', '*/*', 'text/html;q=0'],
  Cookie: ['a=b', '__proto__=1', '\xff'],
  Origin: ['null', 'http://evil'],
  'X-Forwarded-Host': ['evil'],
};

export function otherHeader(request: FuzzRequest, random: Random): FuzzRequest {
  const name = random.pick(Object.keys(HEADERS));
  return withHeader(request, name, random.pick(HEADERS[name] ?? []));
}

function otherBytes(body: Buffer | null, random: Random): Buffer {
  const bytes = body ?? Buffer.alloc(0);
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(9)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, junk(random), after]);
    case 2:
      return Buffer.concat([before, after.subarray(1 + random.below(4))]);
    case 3:
      return Buffer.concat([
        before,
        Buffer.from([(after[0] ?? 0) ^ (1 << random.below(8))]),
        after.subarray(1),
      ]);
    case 4:
      return Buffer.concat([Buffer.from('\ufeff'), bytes]);
    case 5:
      return Buffer.from(bytes.toString('utf8'), 'utf16le');
    case 6:
      return Buffer.concat([
        before,
        Buffer.from(random.pick(['\xc0\xaf', '\xed\xa0\x80', '\xff', '\xf8']), 'latin1'),
        after,
      ]);
    case 7:
      return Buffer.concat([bytes, bytes]);
    default:
      return Buffer.from(
        random.pick([
          ' '.repeat(LIMITS.bodyBytes + 1),
          '['.repeat(LIMITS.bodyBytes),
          '',
          '{"a":'.repeat(6000),
          '"',
          `[${'{},'.repeat(9000)}1]`,
        ]),
      );
  }
}

/** Zipped, and often not well: cut off, twice, with more behind it, or far larger than it looks. */
function encoded(request: FuzzRequest, random: Random): FuzzRequest {
  const body = request.body ?? Buffer.alloc(0);
  const zipped = gzipSync(body);
  const bodies = [
    zipped,
    zipped,
    zipped,
    zipped.subarray(0, random.below(zipped.length)),
    gzipSync(zipped),
    Buffer.concat([zipped, junk(random)]),
    Buffer.concat([zipped, zipped]),
    Buffer.concat([...Array.from({ length: 500 }, () => EMPTY), zipped]),
    flipped(zipped, random),
    BOMB,
    JSON_BOMB,
    deflateSync(body),
    brotliCompressSync(body, { params: { [0x1]: 1 } }),
    Buffer.from([0x1f, 0x8b]),
  ];
  const coding = random.pick([
    'gzip',
    'gzip',
    'gzip',
    'gzip',
    'GZip',
    'gzip, gzip',
    'br',
    'deflate',
  ]);
  return { ...withHeader(request, 'Content-Encoding', coding), body: random.pick(bodies) };
}

function flipped(bytes: Buffer, random: Random): Buffer {
  const other = Buffer.from(bytes);
  const at = random.below(other.length);
  other[at] = (other[at] ?? 0) ^ (1 << random.below(8));
  return other;
}

const EMPTY = gzipSync('');
const BOMB = gzipSync(Buffer.alloc(20_000_000), { level: 9 });
const JSON_BOMB = gzipSync(`{"spaces":{"a":"${'x'.repeat(5_000_000)}"}}`);
