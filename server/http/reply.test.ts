import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { replyJson } from './reply.ts';

const LARGE = { text: '⛺'.repeat(2000) };

const reply = (accepted: string | null, value: unknown) =>
  replyJson(
    new Request('http://x/', { headers: accepted === null ? {} : { 'Accept-Encoding': accepted } }),
    value,
  );

describe('an answer', () => {
  it.each(['gzip', 'br, GZIP;q=0.5', 'deflate, *', 'gzip;q=1.0, identity; q=0.5'])(
    '[WI5] is gzipped for who accepts %s',
    async (accepted) => {
      const response = await reply(accepted, LARGE);
      expect(response.headers.get('Content-Encoding')).toBe('gzip');
      expect(response.headers.get('Vary')).toBe('Accept-Encoding');
      const text = gunzipSync(await response.arrayBuffer()).toString();
      expect(JSON.parse(text)).toEqual(LARGE);
    },
  );

  it.each([null, '', 'br', 'identity', 'gzip;q=0', '*;q=0.000', 'gzip;q=0, *'])(
    '[WI5] is plain for who accepts %s',
    async (accepted) => {
      const response = await reply(accepted, LARGE);
      expect(response.headers.get('Content-Encoding')).toBeNull();
      expect(await response.json()).toEqual(LARGE);
    },
  );

  it('[WI5] is plain where compressing would not pay', async () => {
    expect((await reply('gzip', { a: 1 })).headers.get('Content-Encoding')).toBeNull();
  });
});
