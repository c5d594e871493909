/** Puts the figures of a command into the page of the docs that is about them. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binOf } from '../scripts/prerequisites.mjs';

const root = join(import.meta.dirname, '..');
const [FROM, TO] = ['<!-- figures: begin -->', '<!-- figures: end -->'];

/** @param {string} page its name in docs/ @param {string} figures in Markdown */
export async function putFigures(page, figures) {
  const file = join(root, 'docs', page);
  const before = await readFile(file, 'utf8');
  const [head, tail] = [before.split(FROM)[0], before.split(TO)[1]];
  if (head === undefined || tail === undefined) throw new Error(`${page} has no place for figures`);
  await writeFile(file, `${head}${FROM}\n\n${figures}\n\n${TO}${tail}`);
  spawnSync(process.execPath, [binOf('oxfmt'), file], { cwd: root });
}
