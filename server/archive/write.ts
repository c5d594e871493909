/** Writes facts to a file as they come: no more of them than a piece of text is held. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { packageVersion } from '../package-root.ts';
import type { Fact } from './facts.ts';
import { createTally, headerLine } from './format.ts';
import type { Counts, Tally } from './format.ts';

export interface Writing {
  readonly facts: AsyncIterable<Fact>;
  /** Wall time in ms. */
  readonly at: number;
  readonly isCompressed: boolean;
}

/** Returns how many there were of each kind. */
export async function writeArchive(
  file: string,
  { facts, at, isCompressed }: Writing,
): Promise<Counts> {
  const tally = createTally();
  const text = Readable.from(textOf(facts, at, tally));
  const out = createWriteStream(file, { mode: 0o600 });
  await (isCompressed ? pipeline(text, createGzip(), out) : pipeline(text, out));
  return tally.counts();
}

/** Characters that are written at once. */
const PIECE = 64 * 1024;

async function* textOf(
  facts: AsyncIterable<Fact>,
  at: number,
  tally: Tally,
): AsyncGenerator<string, void> {
  const header = headerLine(new Date(at).toISOString(), packageVersion());
  tally.add(header);
  let held = `${header}\n`;
  for await (const fact of facts) {
    const line = JSON.stringify(fact);
    tally.add(line, fact.kind);
    held += `${line}\n`;
    if (held.length < PIECE) continue;
    yield held;
    held = '';
  }
  yield `${held}${tally.end()}\n`;
}
