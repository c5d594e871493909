/**
 * A known-bad change: a way in which the software could be wrong, and that must not go unnoticed. It
 * is made to the text of the sources on their way into a bundle (or into the test that watches over
 * it), never on the disk.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Edit {
  /** A source by its path in the repository. */
  readonly file: string;
  /** Text that stands in it exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface KnownBad {
  /** As its file is called. */
  readonly name: string;
  /** What the software does wrong. */
  readonly what: string;
  /** Which of the ten promises it breaks. */
  readonly promise: number;
  readonly edits: readonly Edit[];
  readonly caughtBy: CaughtBy;
}

export type CaughtBy =
  /** The simulator, by the first of these many seeds that breaks a promise. */
  | { readonly kind: 'simulator'; readonly within: number }
  /** A test: what it watches over is beyond what a simulation can see. */
  | { readonly kind: 'test'; readonly file: string };

export const withinSeeds = (within: number): CaughtBy => ({ kind: 'simulator', within });

/** The source is not what the change was written against. */
export class StaleChangeError extends Error {
  override readonly name = 'StaleChangeError';
}

/** The text of `path` with the change made to it; throws StaleChangeError where it cannot be. */
export function altered(
  { name, edits }: Pick<KnownBad, 'name' | 'edits'>,
  path: string,
  text: string,
) {
  return edits
    .filter(({ file }) => file === path)
    .reduce((before, { from, to }) => {
      const parts = before.split(from);
      if (parts.length === 2) return parts.join(to);
      throw new StaleChangeError(
        `${name}: ${path} has its text ${parts.length - 1} times and not once:\n${from}`,
      );
    }, text);
}

/** Every source that the change touches, as it would be. */
export function alteredSources(bad: KnownBad, root: string): ReadonlyMap<string, string> {
  const paths = new Set(bad.edits.map(({ file }) => file));
  return new Map(
    [...paths].map((path) => [path, altered(bad, path, readFileSync(join(root, path), 'utf8'))]),
  );
}
