/**
 * Reads docs/answers.md: what the engine does, answer by answer and phase by phase. A cell of a column
 * that stands for several phases is a cell of each of them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PHASES } from './phases.ts';

export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly word: string;
}

export interface Table {
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly Cell[];
}

export const readPage = (): string =>
  readFileSync(fileURLToPath(new URL('../../docs/answers.md', import.meta.url)), 'utf8');

/** Columns that stand for several phases. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'with ops': phasesThat(true),
  'without ops': phasesThat(false),
};

function phasesThat(carry: boolean): string[] {
  return Object.keys(PHASES).filter((name) => PHASES[name]?.carries === carry);
}

/** The table under this heading; without rows where there is none. */
export function tableUnder(heading: string, page: string): Table {
  const section = page.split(/^(?=#+ )/m).find((text) => headingOf(text) === heading) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [[, ...heads] = [], , ...rows] = lines.map(cellsOf);
  return {
    heading,
    columns: heads.flatMap((head) => GROUPS[head] ?? [head]),
    rows: rows.map(([name = '']) => name),
    cells: rows.flatMap(([row = '', ...words]) =>
      heads.flatMap((head, i) =>
        (GROUPS[head] ?? [head]).map((column) => ({ row, column, word: words[i] ?? '' })),
      ),
    ),
  };
}

const headingOf = (section: string): string => section.split('\n')[0]?.replace(/^#+ /, '') ?? '';

/** Marks of code and emphasis say nothing of a cell. */
const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.replace(/[`*]/g, '').trim());
