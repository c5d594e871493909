import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chooseCoding, CODINGS_HERE } from './encoding.ts';
import type { Coding } from './encoding.ts';
import { replyJson } from './reply.ts';

const LARGE = { text: '⛺'.repeat(2000) };
const ALL = ['zstd', 'br', 'gzip'] as const;

const reply = (accepted: string | null, value: unknown) =>
  replyJson(
    new Request('http://x/', { headers: accepted === null ? {} : { 'Accept-Encoding': accepted } }),
    value,
  );

const { zstdDecompressSync } = zlib as { readonly zstdDecompressSync?: typeof zlib.gunzipSync };

/** As a reader of its own undoes it. */
function undone(bytes: Uint8Array, coding: Coding): string {
  if (coding === 'gzip') return zlib.gunzipSync(bytes).toString();
  if (coding === 'br') return zlib.brotliDecompressSync(bytes).toString();
  if (!zstdDecompressSync) throw new Error('no zstd here');
  return zstdDecompressSync(bytes).toString();
}

describe('an answer', () => {
  it.each(CODINGS_HERE)('[WI5] is compressed with %s for who accepts that', async (coding) => {
    const response = await reply(coding, LARGE);
    expect(response.headers.get('Content-Encoding')).toBe(coding);
    expect(response.headers.get('Vary')).toBe('Accept-Encoding');
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBeLessThan(1000);
    expect(JSON.parse(undone(bytes, coding))).toEqual(LARGE);
  });

  it.each<[string, Coding]>([
    ['br;q=0.2, GZIP;q=0.5', 'gzip'],
    ['br;q=0.5, gzip;q=0.2', 'br'],
    ['gzip, br', 'br'],
    ['gzip;q=0.8, *;q=0.1', 'gzip'],
    ['gzip;q=1.0, identity; q=0.5', 'gzip'],
    ['gzip;q=0.5, identity;q=0.5', 'gzip'],
    ['deflate, gzip;level=9;q=0.1', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['*', 'zstd'],
    ['zstd;q=0, *', 'br'],
  ])('[WI5] goes by the weights of %s', (accepted, coding) => {
    expect(chooseCoding(accepted, ALL)).toBe(coding);
  });

  it.each([
    null,
    '',
    'deflate',
    'identity',
    'gzip;q=0',
    '*;q=0.000',
    'gzip;q=0, *;q=0',
    'identity, gzip;q=0.5',
  ])('[WI5] is plain for who accepts %s', async (accepted) => {
    const response = await reply(accepted, LARGE);
    expect(response.headers.get('Content-Encoding')).toBeNull();
    expect(await response.json()).toEqual(LARGE);
  });

  it('[WI5] never comes in what this Node has not', () => {
    expect(chooseCoding('zstd', ['br', 'gzip'])).toBeNull();
    expect(chooseCoding('zstd, gzip;q=0.5', ['br', 'gzip'])).toBe('gzip');
  });

  it('[WI5] is plain where compressing would not pay', async () => {
    expect((await reply('gzip', { a: 1 })).headers.get('Content-Encoding')).toBeNull();
  });
});
