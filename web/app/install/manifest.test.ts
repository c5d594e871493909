import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';

const shipped = (path: string) => readFileSync(new URL(`../public${path}`, import.meta.url));

interface Manifest {
  readonly [member: string]: unknown;
  readonly icons: readonly { src: string; sizes: string; type: string; purpose: string }[];
}
const manifest = JSON.parse(shipped('/manifest.webmanifest').toString()) as Manifest;

it('the manifest says what an installed app needs', () => {
  expect(manifest).toMatchObject({ id: '/', start_url: '/', scope: '/', display: 'standalone' });
  const pngs = manifest.icons.filter(({ type }) => type === 'image/png');
  expect(pngs.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
    '192x192 any',
    '512x512 any',
    '512x512 maskable',
  ]);
});

it.each([
  ...manifest.icons
    .filter(({ type }) => type === 'image/png')
    .map(({ src, sizes }): [string, string] => [src, sizes]),
  ['/icons/apple-touch-icon.png', '180x180'],
])('%s is a picture of %s that decodes', (src, sizes) => {
  const { width, height, pixels, bytesPerPixel } = decodePng(shipped(src));
  expect(`${width}x${height}`).toBe(sizes);
  // Each line has a byte for its filter.
  expect(pixels).toHaveLength(height * (1 + width * bytesPerPixel));
});

/** As far as a truncated or damaged file would show: signature, header, all chunks, the data inflated. */
function decodePng(file: Buffer) {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  const chunks: string[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.push(type);
    if (type === 'IDAT') data.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  expect(chunks[0]).toBe('IHDR');
  expect(chunks.at(-1)).toBe('IEND');
  const [depth, colour] = [file[24], file[25]];
  expect(depth).toBe(8);
  return {
    width: file.readUInt32BE(16),
    height: file.readUInt32BE(20),
    bytesPerPixel: colour === 6 ? 4 : 3,
    pixels: inflateSync(Buffer.concat(data)),
  };
}
