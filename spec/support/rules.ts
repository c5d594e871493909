/**
 * Reads the numbered promises of spec/RULES.md and spec/OWED.md, and the titles of the tests that
 * quote them.
 */

export interface Rule {
  readonly id: string;
  /** Promised for later: it has no test. */
  readonly owed: boolean;
}

/** Which test files quote a rule, by its id. */
export type Quotes = ReadonlyMap<string, readonly string[]>;

/** A rule is a line, or a list item, that begins with its id in bold. */
export function parseRules(rules: string, owed = ''): Rule[] {
  return [...idsIn(rules, false), ...idsIn(owed, true)];
}

const idsIn = (markdown: string, owed: boolean): Rule[] =>
  [...markdown.matchAll(/^\s*(?:[-*]\s+)?\*\*([A-Z]+\d+)\*\*/gm)].map(([, id = '']) => ({
    id,
    owed,
  }));

/** Titles are string literals that quote `[FO5]`; whatever else has that form is taken for one. */
export function quotedIn(
  tests: readonly { readonly path: string; readonly text: string }[],
): Quotes {
  const quotes = new Map<string, string[]>();
  for (const { path, text } of tests) {
    for (const [, id = ''] of text.matchAll(/\[([A-Z]{2,}\d+)\]/g)) {
      const paths = quotes.get(id) ?? [];
      quotes.set(id, paths.includes(path) ? paths : [...paths, path]);
    }
  }
  return quotes;
}

/** What does not fit, one sentence each. */
export function disagreements(rules: readonly Rule[], quotes: Quotes): string[] {
  const ids = rules.map((rule) => rule.id);
  const twice = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [
    ...[...twice].map((id) => `${id} stands twice`),
    ...rules.flatMap(({ id, owed }) => {
      const by = quotes.get(id);
      if (owed && by) return [`${id} is owed and ${by.join(', ')} tests it: it is a rule now`];
      if (!owed && !by) return [`${id} has no test: quote it in a title, or owe it`];
      return [];
    }),
    ...[...quotes].flatMap(([id, paths]) =>
      ids.includes(id)
        ? []
        : [`${paths.join(', ')} quotes ${id}, which spec/RULES.md does not have`],
    ),
  ];
}

/** A text of the project, by its path from the root. */
export interface Text {
  readonly path: string;
  readonly text: string;
}

/** A test that is skipped proves nothing, and neither do the others beside one that is alone. */
const LEFT_OUT =
  /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|todo|fixme|only|fails|skipIf|runIf)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(/;

/** Test files that leave a test out, or that neither runner takes. */
export function unproven(tests: readonly Text[]): string[] {
  return tests.flatMap(({ path, text }) => [
    ...(isRun(path) ? [] : [`${path} is run by nobody`]),
    ...text
      .split('\n')
      .flatMap((line, i) =>
        LEFT_OUT.test(line) ? [`${path}:${i + 1} leaves tests out: ${line.trim()}`] : [],
      ),
  ]);
}

/** As vitest.config.ts and playwright.config.ts have it. */
export const RUNNERS = {
  vitest: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**', 'spec/e2e/**'],
  },
  playwright: { testDir: 'spec/e2e', testMatch: '**/*.spec.ts' },
} as const;

const isRun = (path: string): boolean =>
  path.startsWith('spec/e2e/') ? path.endsWith('.spec.ts') : /\.test\.tsx?$/.test(path);

/** Ids of the rules' families, in code, comments or documents, that are no rule's. */
export function strays(rules: readonly Rule[], texts: readonly Text[]): string[] {
  const ids = new Set(rules.map(({ id }) => id));
  const families = new Set(rules.map(({ id }) => id.replace(/\d+$/, '')));
  const likeAnId = new RegExp(`\\b(?:${[...families].join('|')})\\d+\\b`, 'g');
  return texts.flatMap(({ path, text }) => {
    const named = new Set([...text.matchAll(likeAnId)].map(([id]) => id));
    return [...named].filter((id) => !ids.has(id)).map((id) => `${path} names ${id}: no such rule`);
  });
}
