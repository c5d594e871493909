import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import playwright from '../playwright.config.ts';
import vitest from '../vitest.config.ts';
import {
  disagreements,
  parseRules,
  quotedIn,
  RUNNERS,
  strays,
  unproven,
  type Text,
} from './support/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('spec/RULES.md and the tests', () => {
  it('name the same rules', () => {
    const rules = readRules();
    expect(rules.length).toBeGreaterThan(0);
    expect(disagreements(rules, quotedIn(readTests()))).toEqual([]);
  });

  it('leave out no test, and each is run', () => {
    expect(unproven(readTests())).toEqual([]);
    expect(vitest.test).toMatchObject(RUNNERS.vitest);
    expect(playwright).toMatchObject(RUNNERS.playwright);
  });

  it('are named nowhere by a number that is none', () => {
    const rules = readRules();
    expect(strays(rules, readTexts())).toEqual([]);
  });
});

describe('a disagreement is caught', () => {
  const rules = parseRules('**FO1** folds once\n- **FO3** also in a list\n', '**FO2** later\n');
  const quotedBy = (...titles: string[]) =>
    quotedIn(titles.map((title) => ({ path: 'x.test.ts', text: `it('${title}', () => {});` })));

  it('and agreement is not one', () => {
    expect(disagreements(rules, quotedBy('[FO1] [FO3] folds'))).toEqual([]);
  });

  it('a rule without a test', () => {
    expect(disagreements(rules, quotedBy('[FO1] folds'))).toEqual([
      'FO3 has no test: quote it in a title, or owe it',
    ]);
  });

  it('a test of an unknown rule', () => {
    const found = disagreements(rules, quotedBy('[FO1] [FO3] [FO9] folds'));
    expect(found).toEqual(['x.test.ts quotes FO9, which spec/RULES.md does not have']);
  });

  it('a rule that is owed and has its test', () => {
    const found = disagreements(rules, quotedBy('[FO1] [FO2] [FO3] folds'));
    expect(found).toEqual(['FO2 is owed and x.test.ts tests it: it is a rule now']);
  });

  it('an id given twice', () => {
    const twice = parseRules('**FO1** one\n**FO1** another');
    expect(disagreements(twice, quotedBy('[FO1] folds'))).toEqual(['FO1 stands twice']);
  });
});

describe('a test that proves nothing is caught', () => {
  const found = (path: string, text: string) => unproven([{ path, text }]);

  it.each([
    "it.skip('[FO1] folds', () => {});",
    "it.skip.each([1])('[FO1] folds', () => {});",
    "describe.skip('the fold', () => {",
    "it.todo('[FO1] folds');",
    "test.fixme('[FO1] folds', async () => {",
    "it.only('[FO1] folds', () => {});",
    "xit('[FO1] folds', () => {});",
  ])('left out: %s', (line) => {
    expect(found('core/x.test.ts', `\n${line}\n`)).toEqual([
      `core/x.test.ts:2 leaves tests out: ${line}`,
    ]);
  });

  it('in a file that no runner takes', () => {
    const run = ['core/x.test.ts', 'web/app/x.test.tsx', 'spec/e2e/x.spec.ts'];
    expect(run.flatMap((path) => found(path, ''))).toEqual([]);
    const not = ['core/x.spec.ts', 'spec/e2e/x.test.ts', 'spec/x.spec.ts'];
    expect(not.flatMap((path) => found(path, ''))).toEqual(
      not.map((path) => `${path} is run by nobody`),
    );
  });

  it('a number that is no rule, and no other word', () => {
    const rules = parseRules('**FO1** folds once', '**OPS2** later');
    const text = 'see FO1, FO12, OPS2 and XY3; [FO3]';
    expect(strays(rules, [{ path: 'docs/x.md', text }])).toEqual([
      'docs/x.md names FO12: no such rule',
      'docs/x.md names FO3: no such rule',
    ]);
  });
});

const ROOMS = ['core', 'sw', 'web', 'server', 'spec', 'conformance', 'bench'];
/** What names rules that are none, as examples. */
const EXAMPLES = ['spec/rules.test.ts', 'spec/support/rules.ts', 'spec/incidents.test.ts'];

const isExample = (path: string): boolean => EXAMPLES.includes(path);

const readRules = () => parseRules(readText('spec/RULES.md').text, readText('spec/OWED.md').text);

const readTests = (): Text[] =>
  filesIn(ROOMS, /\.(?:test|spec)\.tsx?$/).filter(({ path }) => !isExample(path));

function readTexts(): Text[] {
  const kinds = /\.(?:tsx?|mjs|md|css|html)$/;
  const top = readdirSync(root).filter((name) => kinds.test(name));
  return [...filesIn([...ROOMS, 'docs', 'scripts'], kinds), ...top.map(readText)].filter(
    ({ path }) => !isExample(path),
  );
}

const filesIn = (folders: readonly string[], kinds: RegExp): Text[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => kinds.test(path) && !path.includes('node_modules'))
    .map(readText);

function readText(path: string): Text {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}
