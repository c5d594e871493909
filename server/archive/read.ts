/**
 * Reads an archive as it comes, a piece at a time. Each fact is parsed, and the end is held against all
 * that stood before it: who acts on facts before they were all read has to be able to undo that.
 */
import { createReadStream, openSync, readSync, closeSync } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from '../../core/index.ts';
import { ArchiveFromFutureError, DamagedArchiveError } from '../store/faults.ts';
import { FactSchema } from './facts.ts';
import type { Fact } from './facts.ts';
import { ARCHIVE_VERSION, ArchiveHeaderSchema, createTally, END } from './format.ts';
import type { Counts } from './format.ts';

/** Facts that stand in a row. */
export interface FactsRead {
  /** The number of the first one's line, from 1. */
  readonly line: number;
  readonly facts: readonly Fact[];
}

/** Returns the counts of a whole one. Throws DamagedArchiveError and ArchiveFromFutureError. */
export async function* readArchive(file: string): AsyncGenerator<FactsRead, Counts> {
  const tally = createTally();
  let isEnded = false;
  const damaged = (why: string) => new DamagedArchiveError(file, why);

  function take(bytes: Buffer): Fact | undefined {
    const line = bytes.toString();
    const number = tally.lines() + 1;
    if (isEnded) throw damaged(`line ${number + 1} stands behind its end`);
    if (number === 1) {
      assertKnown(file, line);
      tally.add(bytes);
      return undefined;
    }
    if (line.startsWith(END)) {
      if (line !== tally.end()) throw damaged('it is not what its last line was made of');
      isEnded = true;
      return undefined;
    }
    const fact = factIn(line);
    if (typeof fact === 'string') throw damaged(`line ${number}: ${fact}`);
    tally.add(bytes, fact.kind);
    return fact;
  }

  for await (const lines of linesIn(file)) {
    // The header is no fact.
    const line = Math.max(tally.lines() + 1, 2);
    const facts = lines.flatMap((bytes) => take(bytes) ?? []);
    if (facts.length > 0) yield { line, facts };
  }
  if (!isEnded) throw damaged('its end is missing');
  return tally.counts();
}

function assertKnown(file: string, line: string): void {
  const parsed = parse(ArchiveHeaderSchema, jsonIn(line));
  if (!parsed.ok) throw new DamagedArchiveError(file, 'its first line is not that of an archive');
  const { version } = parsed.value;
  if (version > ARCHIVE_VERSION) throw new ArchiveFromFutureError(file, version, ARCHIVE_VERSION);
}

/** The fact, or what is wrong with the line. */
function factIn(line: string): Fact | string {
  const value = jsonIn(line);
  if (value === undefined) return 'not JSON';
  const parsed = parse(FactSchema, value);
  return parsed.ok ? parsed.value : `${parsed.path} ${parsed.fault}`.trim();
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** As much is read at once, and lines of more than `LONGEST` are no archive's: they would fill the memory. */
const PIECE_BYTES = 256 * 1024;
const LONGEST_BYTES = 256 * 1024 * 1024;
const LINE_END = 0x0a;

/** The lines of each piece, without their ends. */
async function* linesIn(file: string): AsyncGenerator<readonly Buffer[], void> {
  let begun: Buffer[] = [];
  let size = 0;
  for await (const piece of piecesOf(file)) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = piece.indexOf(LINE_END); end >= 0; end = piece.indexOf(LINE_END, start)) {
      const rest = piece.subarray(start, end);
      lines.push(begun.length > 0 ? Buffer.concat([...begun, rest]) : rest);
      [begun, size, start] = [[], 0, end + 1];
    }
    if (start < piece.length) begun.push(piece.subarray(start));
    size += piece.length - start;
    if (size > LONGEST_BYTES) throw new DamagedArchiveError(file, 'a line of it has no end');
    yield lines;
  }
  if (begun.length > 0) throw new DamagedArchiveError(file, 'it ends in the middle of a line');
}

async function* piecesOf(file: string): AsyncGenerator<Buffer, void> {
  const raw = createReadStream(file, { highWaterMark: PIECE_BYTES });
  try {
    yield* isCompressed(file) ? inflated(raw) : (raw as AsyncIterable<Buffer>);
  } catch (error) {
    if (!isOfZlib(error)) throw error;
    throw new DamagedArchiveError(file, 'it cannot be decompressed', { cause: error });
  }
}

const isOfZlib = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('Z_');

/** What goes wrong with either stream comes out of this one. */
const inflated = (raw: Readable): AsyncIterable<Buffer> =>
  pipeline(raw, createGunzip({ chunkSize: PIECE_BYTES }), () => {});

/** Told by its first bytes, whatever it is called. */
function isCompressed(file: string): boolean {
  const bytes = Buffer.alloc(2);
  const handle = openSync(file, 'r');
  try {
    return readSync(handle, bytes) === 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
  } finally {
    closeSync(handle);
  }
}
