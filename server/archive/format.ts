/**
 * The form of an archive: lines of JSON, which text tools can read and compare.
 *
 *   {"format":"offing-archive","version":1,…}    what it is
 *   {"kind":"account",…}                         facts (facts.ts)
 *   …
 *   {"kind":"end","lines":…,"sha256":…}          how many of each kind, and the hash of all before it
 *
 * A version may only be read by code that knows all of it: a fact that is left out may be an op that
 * its author takes for safe.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { PositiveSchema } from '../../core/index.ts';
import { FACT_KINDS } from './facts.ts';
import type { FactKind } from './facts.ts';

/**
 * History of the form:
 * - 1: the first.
 */
export const ARCHIVE_VERSION = 1;
const FORMAT = 'offing-archive';

/** What a later version says besides is not looked at: that it is one is enough to know. */
export const ArchiveHeaderSchema = v.object({
  format: v.literal(FORMAT),
  version: PositiveSchema,
});

/** `at`: ISO 8601. `offing`: the version that wrote it. Both are for people. */
export const headerLine = (at: string, offing: string): string =>
  JSON.stringify({ format: FORMAT, version: ARCHIVE_VERSION, at, offing });

export type Counts = Readonly<Record<FactKind, number>>;

/** Follows the lines of an archive up to its last one, which says what they came to. */
export interface Tally {
  /** The next line, without its end; `kind` of a fact, and none of the header. */
  add(line: string | Uint8Array, kind?: FactKind): void;
  /** How many lines there were. */
  lines(): number;
  counts(): Counts;
  /** The last line, of everything before it. */
  end(): string;
}

export function createTally(): Tally {
  const hash = createHash('sha256');
  const counts = Object.fromEntries(FACT_KINDS.map((kind) => [kind, 0])) as Record<
    FactKind,
    number
  >;
  let lines = 0;
  return {
    add(line, kind) {
      hash.update(line).update('\n');
      lines += 1;
      if (kind !== undefined) counts[kind] += 1;
    },
    lines: () => lines,
    counts: () => ({ ...counts }),
    end: () =>
      `${END}${JSON.stringify({ lines, counts, sha256: hash.copy().digest('hex') }).slice(1)}`,
  };
}

/** What the last line, and no other, begins with. */
export const END = '{"kind":"end",';
