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

async function readBytes(
  { body, headers }: Request,
  limit: number,
  deadlines: BodyDeadlines,
): Promise<Uint8Array> {
  // A length that admits to be too large is believed; a smaller one is not, but counted.
  if (Number(headers.get('Content-Length')) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(body, deadlines)) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
      const { done, value } = await within(patience, reader.read());
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('bad_request', { detail: 'the body broke off' });
  } finally {
    // Also of one that was given up: whoever sends it is not waited for.
    reader.cancel().catch(() => {});
  }
}

/** Not a fault of the request, which may well come through at another time: the client tries again. */
async function within<T>(ms: number, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // Of one that stalls there is nothing on its way that could drown the answer.
    const headers = { 'Retry-After': '1', Connection: 'close' };
    const problem = new ProblemError('overloaded', { detail: 'the body came too slowly', headers });
    timer = setTimeout(() => reject(problem), Math.max(0, ms));
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
    reading.catch(() => {});
  }
}

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
