import { crc32, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { joinCrc32 } from './crc32.ts';
import { gzipEnd, gzipStart, inflated, partsOf } from './parts.ts';

const LINES = Array.from({ length: 500 }, (_, i) => `{"line":${i},"title":"Zelt ⛺ ${i % 7}"}`);
const TEXT = LINES.map((line) => `${line}\n`).join('');
const HEADER = Buffer.from('{"seq":500}\n');

describe('the CRC-32 of two pieces', () => {
  it.each([0, 1, 3, 255, 256, 70_000])('is that of the whole, %i bytes being behind', (bytes) => {
    const first = Buffer.from('what stands before');
    const second = Buffer.alloc(bytes, 'abcdefg');
    const joined = joinCrc32(crc32(first), crc32(second), bytes);
    expect(joined).toBe(crc32(Buffer.concat([first, second])));
  });
});

describe('a text in parts', () => {
  it('is one stream of gzip, whatever the size of its parts', () => {
    for (const size of [1, 1000, 10_000_000]) {
      const { parts, ...rest } = partsOf(LINES, size);
      const bodies = parts.map(({ body }) => body);
      const stream = Buffer.concat([gzipStart(HEADER), ...bodies, gzipEnd(HEADER, rest)]);
      expect(gunzipSync(stream).toString()).toBe(`${HEADER.toString()}${TEXT}`);
    }
  });

  it('has parts that are read alone, and lie one behind the other', () => {
    const { parts, bytes } = partsOf(LINES, 1000);
    expect(parts.length).toBeGreaterThan(10);
    const texts = parts.map(({ body }) => inflated(body));
    expect(Buffer.concat(texts).toString()).toBe(TEXT);
    let end = 0;
    for (const [i, part] of parts.entries()) {
      expect(part).toMatchObject({ start: end, bytes: texts[i]?.length });
      end += part.bytes;
    }
    expect(bytes).toBe(end);
  });

  it('may be empty', () => {
    const { parts, ...rest } = partsOf([]);
    expect(parts).toEqual([]);
    const stream = Buffer.concat([gzipStart(HEADER), gzipEnd(HEADER, rest)]);
    expect(gunzipSync(stream)).toEqual(HEADER);
  });
});
