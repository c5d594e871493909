import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { disagreements, parseRules, quotedIn } from './support/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('spec/RULES.md and the tests', () => {
  it('name the same rules', () => {
    const rules = parseRules(readFileSync(join(root, 'spec', 'RULES.md'), 'utf8'));
    expect(rules.length).toBeGreaterThan(0);
    expect(disagreements(rules, quotedIn(readTests()))).toEqual([]);
  });
});

describe('a disagreement is caught', () => {
  const rules = parseRules('**FO1** folds once\n**FO2** (owed) later\n- **FO3** also in a list\n');
  const quotedBy = (...titles: string[]) =>
    quotedIn(titles.map((title) => ({ path: 'x.test.ts', text: `it('${title}', () => {});` })));

  it('and agreement is not one', () => {
    expect(disagreements(rules, quotedBy('[FO1] [FO3] folds'))).toEqual([]);
  });

  it('a rule without a test', () => {
    expect(disagreements(rules, quotedBy('[FO1] folds'))).toEqual([
      'FO3 has no test: quote it in a title, or mark it (owed)',
    ]);
  });

  it('a test of an unknown rule', () => {
    const found = disagreements(rules, quotedBy('[FO1] [FO3] [FO9] folds'));
    expect(found).toEqual(['x.test.ts quotes FO9, which spec/RULES.md does not have']);
  });

  it('a rule that is owed and has its test', () => {
    const found = disagreements(rules, quotedBy('[FO1] [FO2] [FO3] folds'));
    expect(found).toEqual(['FO2 is marked (owed) and x.test.ts tests it: take the mark away']);
  });

  it('an id given twice', () => {
    const twice = parseRules('**FO1** one\n**FO1** another');
    expect(disagreements(twice, quotedBy('[FO1] folds'))).toEqual(['FO1 stands twice']);
  });
});

function readTests(): { path: string; text: string }[] {
  return ['core', 'sw', 'web', 'server', 'spec']
    .filter((folder) => readdirSync(root).includes(folder))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => /\.(?:test|spec)\.tsx?$/.test(path) && !path.endsWith('rules.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
