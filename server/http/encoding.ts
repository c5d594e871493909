/**
 * Compresses an answer the way its reader weighs the codings (RFC 9110, section 12.5.3). Of codings
 * that weigh the same, the one that costs this server the least time for its size comes first.
 */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

export type Coding = 'zstd' | 'br' | 'gzip';
type Compress = (text: string) => Promise<Uint8Array>;

// Brotli's own default is for files that are compressed once; an answer is read once.
const BROTLI_QUALITY = 4;

const { zstdCompress } = zlib as { readonly zstdCompress?: typeof zlib.gzip };
const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

const CODINGS = new Map<Coding, Compress>([
  // Not in the zlib of every Node that Offing runs on.
  ...(zstdCompress ? [['zstd', promisify<string, Uint8Array>(zstdCompress)] as const] : []),
  [
    'br',
    (text) =>
      brotli(text, {
        params: {
          [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [zlib.constants.BROTLI_PARAM_MODE]: zlib.constants.BROTLI_MODE_TEXT,
        },
      }),
  ],
  ['gzip', (text) => gzip(text)],
]);

/** The codings that this Node has, the preferred one first. */
export const CODINGS_HERE: readonly Coding[] = [...CODINGS.keys()];

export async function encode(text: string, coding: Coding): Promise<Uint8Array> {
  const compress = CODINGS.get(coding);
  if (!compress) throw new Error(`${coding} is not in this Node`);
  return compress(text);
}

/** The coding that weighs most with who sent this Accept-Encoding; null: as it is. */
export function chooseCoding(
  accepted: string | null,
  codings: readonly Coding[] = CODINGS_HERE,
): Coding | null {
  const weights = weightsIn(accepted ?? '');
  // As it is, an answer is always welcome, but only who says so prefers it.
  let heaviest = weights.get('identity') ?? 0;
  let chosen: Coding | null = null;
  for (const coding of codings) {
    const weight = weights.get(coding) ?? weights.get('*') ?? 0;
    const wins = chosen === null ? weight >= heaviest : weight > heaviest;
    if (weight === 0 || !wins) continue;
    chosen = coding;
    heaviest = weight;
  }
  return chosen;
}

const WEIGHT = /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/;

function weightsIn(accepted: string): ReadonlyMap<string, number> {
  const items = accepted.toLowerCase().split(',');
  return new Map(
    items.map((item) => {
      const [name = '', ...parameters] = item.split(';');
      const weight = parameters.map((each) => WEIGHT.exec(each)?.[1]).find(Boolean);
      return [name.trim(), weight === undefined ? 1 : Math.min(Number(weight), 1)] as const;
    }),
  );
}
