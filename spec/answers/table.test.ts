/** docs/answers.md against the scenes, scripts and assertions that its cells are tried with. */
import { describe, expect, it } from 'vitest';
import { PROBLEMS, SPACE_ERRORS } from '../../core/index.ts';
import { ERROR_ROWS } from './error-rows.ts';
import { GOOD_ROWS } from './good-rows.ts';
import { PHASES } from './phases.ts';
import type { Rows } from './row.ts';
import { readPage, tableUnder } from './table.ts';
import { WHOLE_ROWS } from './whole-rows.ts';
import { WORDS } from './words.ts';

const TABLES: Readonly<Record<string, Rows>> = {
  'Answers to the whole request': WHOLE_ROWS,
  'Errors of one space': ERROR_ROWS,
  'Good answers about one space': GOOD_ROWS,
};

/** What is on one side and not on the other, or twice. */
function differences(what: string, onPage: readonly string[], tried: readonly string[]): string[] {
  return [
    ...onPage.filter((one) => !tried.includes(one)).map((one) => `${what} “${one}” is not tried`),
    ...tried.filter((one) => !onPage.includes(one)).map((one) => `${what} “${one}” is missing`),
    ...onPage.filter((one, i) => onPage.indexOf(one) !== i).map((one) => `${what} “${one}” twice`),
  ];
}

function faultsIn(page: string): string[] {
  const tables = Object.entries(TABLES).map(
    ([heading, rows]) => [tableUnder(heading, page), rows] as const,
  );
  const words = [...new Set(tables.flatMap(([{ cells }]) => cells.map(({ word }) => word)))];
  const phases = tableUnder('The phases', page);
  const whole = tableUnder('Answers to the whole request', page).rows;
  const errors = tableUnder('Errors of one space', page).rows.map((row) => row.split(',')[0]);
  return [
    ...tables.flatMap(([{ rows, columns }, tried]) => [
      ...differences('row', rows, Object.keys(tried)),
      ...differences('column', columns, Object.keys(PHASES)),
    ]),
    ...differences('word', words, Object.keys(WORDS)),
    ...differences('legend of', tableUnder('The words', page).rows, words),
    ...differences('phase', phases.rows, Object.keys(PHASES)),
    ...phases.cells
      .filter(({ column }) => column === 'ops')
      .filter(({ row, word }) => (word === 'with') !== PHASES[row]?.carries)
      .map(({ row }) => `phase “${row}” does not carry what it says`),
    ...Object.entries(PROBLEMS)
      .filter(([code, status]) => !whole.includes(`${status} ${code}`))
      .map(([code]) => `code ${code} has no row`),
    ...SPACE_ERRORS.filter((code) => !errors.includes(code)).map((code) => `${code} has no row`),
  ];
}

describe('docs/answers.md', () => {
  it('[AB23] has each answer against each phase, and each word is asserted and explained', () => {
    expect(faultsIn(readPage())).toEqual([]);
  });
});

describe('what is missing in it is caught', () => {
  const page = readPage();

  it.each([
    ['a row', /^\| `digest_mismatch`.*\n/m, 'row “digest_mismatch” is missing'],
    ['a row of a code', /^\| 503 `overloaded` .*\n/m, 'code overloaded has no row'],
    ['a cell', / waits +\|\n/, 'word “” is not tried'],
    ['a word of the legend', /^\| tells .*\n/m, 'legend of “tells” is missing'],
    ['a phase of the legend', /^\| behind .*\n/m, 'phase “behind” is missing'],
  ])('%s', (_, part, fault) => {
    const without = page.replace(part, (text) =>
      text.endsWith('|\n') && text.startsWith(' ') ? '|\n' : '',
    );
    expect(without).not.toBe(page);
    expect(faultsIn(without)).toContain(fault);
  });

  it('a column', () => {
    const without = page.replaceAll(/^(\|.*\|) filling +\|$/gm, '$1');
    expect(without).not.toBe(page);
    expect(faultsIn(without)).toContain('column “filling” is missing');
  });

  it('a row that nothing is tried with', () => {
    const more = page.replace(/^(\| )503 `overloaded` /m, '$1 599 `tired` | waits | waits |\n$&');
    expect(faultsIn(more)).toContain('row “599 tired” is not tried');
  });
});
