/** docs/known-bad.md: written from the changes and from what caught them when they were last run. */
import type { KnownBad } from './known-bad.ts';

/** By name: how many seeds it took, and what was said. */
export type CaughtTable = Readonly<
  Record<string, { readonly seeds: number; readonly said: string }>
>;

const HEAD = `# Known-bad changes

A test that cannot fail says nothing. So the tests are tested: each of these changes makes the software break one of the [ten promises](reliability.md#the-ten-promises), and each has to be caught, by the [simulator](reliability.md#the-simulator) within the stated number of seeds, or by the test that is named. \`npm test\` does so on every run; what it took, and what the simulator said, is from the last run of

\`\`\`sh
npm run simulate -- --known-bad
\`\`\`

which writes this page. The changes are in \`spec/simulation/known-bad/changes/\`, and are made to the sources on their way into a bundle, never to the tree.
`;

const COLUMNS = ['change', 'what is wrong', 'promise', 'within', 'took', 'what was said'];

export function knownBadPage(changes: readonly KnownBad[], caught: CaughtTable): string {
  const rows = changes.map((bad) => cellsOf(bad, caught[bad.name]).map(escaped));
  const widths = COLUMNS.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => width(row[i]))),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - width(cell))).join(' | ')} |`;
  const rule = `| ${widths.map((each) => '-'.repeat(each)).join(' | ')} |`;
  return `${HEAD}\n${[line(COLUMNS), rule, ...rows.map(line)].join('\n')}\n`;
}

function cellsOf(
  { name, what, promise, caughtBy }: KnownBad,
  caught: CaughtTable[string] | undefined,
) {
  const said = caught?.said ?? '';
  const took = caught && caught.seeds > 0 ? String(caught.seeds) : '';
  return [name, what, String(promise), withinOf(caughtBy), took, said];
}

function withinOf(caughtBy: KnownBad['caughtBy']): string {
  switch (caughtBy.kind) {
    case 'simulator':
      return `${caughtBy.within} seeds`;
    case 'test':
      return caughtBy.file;
  }
}

const LONGEST_SAID = 160;

/** As one cell: no bar ends it, no mark of Markdown means anything in it. */
function escaped(text: string): string {
  const short = text.length > LONGEST_SAID ? `${text.slice(0, LONGEST_SAID)}…` : text;
  return short
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\|*_<>[\]]/g, '\\$&')
    .trim();
}

const width = (text = ''): number => Array.from(text).length;
