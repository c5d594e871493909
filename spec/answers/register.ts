/** Registers a test for each cell of one table of docs/answers.md. */
import { describe, it } from 'vitest';
import { openLab } from '../support/lab.ts';
import { tryCell } from './cell.ts';
import { PHASES, SERVER } from './phases.ts';
import type { Rows } from './row.ts';
import { readPage, tableUnder } from './table.ts';
import { WORDS } from './words.ts';

export function registerCells(rule: string, heading: string, rows: Rows): void {
  const lab = openLab(SERVER);
  const { cells, rows: names } = tableUnder(heading, readPage());
  describe.each(names)('%s', (name) => {
    const ofRow = cells.filter(({ row }) => row === name);
    it.each(ofRow)(`${rule} $column: $word`, async ({ row, column, word }) => {
      const [phase, answer, assertion] = [PHASES[column], rows[row], WORDS[word]];
      if (!phase) throw new Error(`no scene for the phase “${column}”`);
      if (!answer) throw new Error(`no script for the answer “${row}”`);
      if (!assertion) throw new Error(`no assertion for the word “${word}”`);
      await tryCell(lab, phase, answer, assertion);
    });
  });
}
