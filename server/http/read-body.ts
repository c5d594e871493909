/**
 * Reads a JSON body at the door. Each limit holds while the bytes come in and while they are
 * inflated, so that no body, however it lies about itself, takes more memory than it may.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isPlainJson } from '../../core/index.ts';
import type { Json, Limits } from '../../core/index.ts';
import { ProblemError } from './problem.ts';

const inflate = promisify(gunzip);

type BodyLimits = Pick<Limits, 'bodyBytes' | 'jsonDepth'>;

export async function readJson(request: Request, limits: BodyLimits): Promise<Json> {
  const encoding = encodingOf(request.headers);
  const sent = await readBytes(request, limits.bodyBytes);
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

async function readBytes({ body, headers }: Request, limit: number): Promise<Uint8Array> {
  // A length that admits to be too large is believed; a smaller one is not, but counted.
  if (Number(headers.get('Content-Length')) > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(body)) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return;
  try {
    yield* body;
  } catch {
    throw new ProblemError('bad_request', { detail: 'the body broke off' });
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

const tooLarge = (limit: number): ProblemError => new ProblemError('too_large', { limit });

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new ProblemError('bad_request', { detail: 'the body is not JSON in UTF-8' });
  }
}
