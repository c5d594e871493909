/** The table of known-bad changes is whole: each can be made, and its page is what it says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../run/bundle.ts';
import { KNOWN_BAD } from './all.ts';
import caught from './caught.json' with { type: 'json' };
import { alteredSources, StaleChangeError } from './known-bad.ts';
import { knownBadPage, type CaughtTable } from './table.ts';

const CHANGES = KNOWN_BAD.map((bad) => [bad.name, bad] as const);

describe('a known-bad change', () => {
  it.each(CHANGES)('[SI26] can be made to the sources as they are: %s', (_, bad) => {
    for (const [path, text] of alteredSources(bad, root)) {
      expect(text).not.toBe(readFileSync(join(root, path), 'utf8'));
    }
  });

  it('[SI26] that cannot be made is noticed, with the text that it looked for', () => {
    const edits = [{ file: 'core/fold.ts', from: 'no such text', to: '' }];
    const stale = { name: 'stale', what: '', promise: 1, edits, caughtBy: CHANGES[0]![1].caughtBy };
    expect(() => alteredSources(stale, root)).toThrow(StaleChangeError);
    expect(() => alteredSources(stale, root)).toThrow(
      /core\/fold.ts has its text 0 times[^]*no such text/,
    );
    const twice = { ...stale, edits: [{ file: 'core/fold.ts', from: 'const', to: '' }] };
    expect(() => alteredSources(twice, root)).toThrow(StaleChangeError);
  });

  it('[SI26] has a file of its name, and every such file is in the table', () => {
    const files = readdirSync(join(root, 'spec/simulation/known-bad/changes'));
    const names = KNOWN_BAD.map(({ name }) => `${name}.ts`);
    expect(names.toSorted()).toEqual(files.toSorted());
  });

  it('[SI26] breaks one of the ten promises', () => {
    expect(KNOWN_BAD.filter(({ promise }) => promise < 1 || promise > 10)).toEqual([]);
  });
});

describe('docs/known-bad.md', () => {
  const page = join(root, 'docs/known-bad.md');

  it('[SI28] is what the changes are and what last caught them', () => {
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toBe(knownBadPage(KNOWN_BAD, caught));
  });

  it('[SI28] has each change caught within the seeds that are stated', () => {
    const took: CaughtTable = caught;
    for (const { name, caughtBy } of KNOWN_BAD) {
      const within = caughtBy.kind === 'simulator' ? caughtBy.within : 0;
      expect(took[name]?.seeds, name).toBeLessThanOrEqual(within);
    }
  });
});
