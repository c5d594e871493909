/**
 * Reads a JSON body at the door. Each limit holds while the bytes come in and while they are
 * inflated, so that no body, however it lies about itself, takes more memory than it may.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isPlainJson } from '../../core/index.ts';
import type { Json, Limits } from '../../core/index.ts';
import { DEFAULT_DEADLINES } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';
import { ProblemError } from './problem.ts';

const inflate = promisify(gunzip);

type BodyLimits = Pick<Limits, 'bodyBytes' | 'jsonDepth'>;

type BodyDeadlines = Pick<Deadlines, 'bodyMs' | 'stallMs'>;

export async function readJson(
  request: Request,
  limits: BodyLimits,
  deadlines: BodyDeadlines = DEFAULT_DEADLINES,
): Promise<Json> {
  const encoding = encodingOf(request.headers);
  const sent = await readBytes(request, limits.bodyBytes, deadlines);
  const bytes = encoding === 'gzip' ? await inflated(sent, limits.bodyBytes) : sent;
  const value = parsed(bytes);
  if (!isPlainJson(value, limits.jsonDepth)) {
    throw new ProblemError('bad_request', { detail: 'nested too deeply', limit: limits.jsonDepth });
  }
  return value;
}

function encodingOf(headers: Headers): 'gzip' | 'identity' {
  const [type = '', charset] = (headers.get('Content-Type') ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') {
    throw new ProblemError('unsupported_media', { detail: 'Content-Type: application/json' });
  }
  if (charset !== undefined && !/^\s*(charset="?utf-8"?\s*)?$/.test(charset)) {
    throw new ProblemError('unsupported_media', { detail: 'charset=utf-8' });
  }
  const encoding = (headers.get('Content-Encoding') ?? 'identity').toLowerCase().trim();
  if (encoding === 'gzip' || encoding === 'identity') return encoding;
  throw new ProblemError('unsupported_media', { detail: 'Content-Encoding: gzip, or none' });
}

/** In bytes: a body of no more is one that who sends it sends in one go. */
const AT_ONCE = 65_536;

async function readBytes(
  request: Request,
  limit: number,
  deadlines: BodyDeadlines,
): Promise<Uint8Array> {
  const { headers } = request;
  const said = headers.get('Content-Length');
  // A length that admits to be too large is believed; a smaller one is not, but counted.
  if (Number(said) > limit) throw tooLarge(limit);
  if (said !== null && Number(said) <= AT_ONCE) return readAtOnce(request, limit, deadlines);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request.body, deadlines)) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * As one piece, which is a fraction of what a stream of the body costs. HTTP's parser lets no more
 * through than the length that was said.
 */
async function readAtOnce(
  request: Request,
  limit: number,
  { bodyMs, stallMs }: BodyDeadlines,
): Promise<Uint8Array> {
  const reading = orBrokenOff(request.arrayBuffer());
  const bytes = new Uint8Array(await within(Math.min(stallMs, bodyMs), reading));
  if (bytes.length > limit) throw tooLarge(limit);
  return bytes;
}

async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  { bodyMs, stallMs }: BodyDeadlines,
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  const until = performance.now() + bodyMs;
  try {
    for (;;) {
      const patience = Math.min(stallMs, until - performance.now());
      const { done, value } = await within(patience, orBrokenOff(reader.read()));
      if (done) return;
      yield value;
    }
  } finally {
    // Also of one that was given up: whoever sends it is not waited for.
    reader.cancel().catch(() => {});
  }
}

const orBrokenOff = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch(() => {
    throw new ProblemError('bad_request', { detail: 'the body broke off' });
  });

/** Not a fault of the request, which may well come through at another time: the client tries again. */
async function within<T>(ms: number, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, ms));
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
    reading.catch(() => {});
  }
}

/** Of one that stalls there is nothing on its way that could drown the answer. */
const tooSlow = (): ProblemError =>
  new ProblemError('overloaded', {
    detail: 'the body came too slowly',
    headers: { 'Retry-After': '1', Connection: 'close' },
  });

async function inflated(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    if (isTooLong(error)) throw tooLarge(limit);
    throw new ProblemError('bad_request', { detail: 'the body is not gzip' });
  }
}

const isTooLong = (error: unknown): boolean =>
  error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

/**
 * Where the rest of the body is not read: what still comes over the connection passes for half a second,
 * and then it is closed (node-server sees to that). With `Connection: close` Node would close it at
 * once, and the answer be lost to the reset with which a system meets bytes that nobody takes.
 */
const tooLarge = (limit: number): ProblemError => new ProblemError('too_large', { limit });

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new ProblemError('bad_request', { detail: 'the body is not JSON in UTF-8' });
  }
}
