/** Reads the numbered promises of spec/RULES.md and the titles of the tests that quote them. */

export interface Rule {
  readonly id: string;
  /** Promised, not built yet: it needs no test. */
  readonly owed: boolean;
}

/** Which test files quote a rule, by its id. */
export type Quotes = ReadonlyMap<string, readonly string[]>;

/** A rule is a line, or a list item, that begins with its id in bold. */
export function parseRules(markdown: string): Rule[] {
  return [...markdown.matchAll(/^\s*(?:[-*]\s+)?\*\*([A-Z]+\d+)\*\*\s*(\(owed\))?/gm)].map(
    ([, id = '', owed]) => ({ id, owed: owed !== undefined }),
  );
}

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
      if (owed && by)
        return [`${id} is marked (owed) and ${by.join(', ')} tests it: take the mark away`];
      if (!owed && !by) return [`${id} has no test: quote it in a title, or mark it (owed)`];
      return [];
    }),
    ...[...quotes].flatMap(([id, paths]) =>
      ids.includes(id)
        ? []
        : [`${paths.join(', ')} quotes ${id}, which spec/RULES.md does not have`],
    ),
  ];
}
