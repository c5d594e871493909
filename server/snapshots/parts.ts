/**
 * The text of a snapshot in parts that are compressed once, each by itself, and still make one stream
 * of gzip in a row: a part ends at a byte and refers to nothing before it (a full flush, RFC 1951).
 *
 *   gzip's head │ header │ part │ part │ … │ an empty last block │ CRC-32 and length
 */
import * as zlib from 'node:zlib';
import { joinCrc32 } from './crc32.ts';

/** Bytes of text in a part: enough to compress well, little enough to hold many at once. */
const PART_BYTES = 256 * 1024;

export interface Part {
  /** Where its text begins, behind the header. */
  readonly start: number;
  /** Of text. */
  readonly bytes: number;
  /** Compressed. */
  readonly body: Uint8Array;
}

export interface Text {
  readonly parts: readonly Part[];
  readonly bytes: number;
  readonly crc32: number;
}

export interface PartsGathered {
  /** Takes the next line, without its end. */
  add(line: string): void;
  end(): Text;
}

/** Makes parts of lines as they come, each with its end. */
export function gatherParts(partBytes = PART_BYTES): PartsGathered {
  const parts: Part[] = [];
  let gathered: string[] = [];
  let size = 0;
  let [start, crc32] = [0, 0];

  function close(): void {
    const text = Buffer.from(gathered.join(''));
    parts.push({ start, bytes: text.length, body: deflated(text) });
    crc32 = zlib.crc32(text, crc32);
    start += text.length;
    [gathered, size] = [[], 0];
  }

  return {
    add(line) {
      gathered.push(line, '\n');
      size += line.length + 1;
      if (size >= partBytes) close();
    },
    end() {
      if (size > 0) close();
      return { parts, bytes: start, crc32 };
    },
  };
}

/** The lines, each with its end, as parts. */
export function partsOf(lines: Iterable<string>, partBytes = PART_BYTES): Text {
  const gathered = gatherParts(partBytes);
  for (const line of lines) gathered.add(line);
  return gathered.end();
}

const deflated = (text: Uint8Array): Buffer =>
  zlib.deflateRawSync(text, { finishFlush: zlib.constants.Z_FULL_FLUSH });

/** The text of a part; at its size that takes no longer than going to another thread and back. */
export const inflated = (body: Uint8Array): Buffer =>
  zlib.inflateRawSync(body, { finishFlush: zlib.constants.Z_SYNC_FLUSH });

// Deflate, no flags, no time, an unknown system.
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const LAST_BLOCK = Buffer.from([0x03, 0x00]);

/** What stands before the parts in a stream of gzip: with them and `gzipEnd` it is the whole text. */
export const gzipStart = (header: Uint8Array): Uint8Array =>
  Buffer.concat([GZIP_HEAD, deflated(header)]);

export function gzipEnd(header: Uint8Array, { bytes, crc32 }: Omit<Text, 'parts'>): Uint8Array {
  const end = Buffer.alloc(LAST_BLOCK.length + 8);
  LAST_BLOCK.copy(end);
  end.writeUInt32LE(joinCrc32(zlib.crc32(header), crc32, bytes), LAST_BLOCK.length);
  end.writeUInt32LE((header.length + bytes) % 2 ** 32, LAST_BLOCK.length + 4);
  return end;
}
