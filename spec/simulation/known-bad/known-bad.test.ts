/** The table of known-bad changes is whole: each can be made. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../run/bundle.ts';
import { KNOWN_BAD } from './all.ts';
import { alteredSources, StaleChangeError } from './known-bad.ts';

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
