/** `npm run bench:page`: puts the figures of the latest result, and their plots, into docs/performance.md. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { binOf } from '../scripts/prerequisites.mjs';
import { readArguments } from './arguments.mjs';
import { withFigures } from './page.mjs';
import { readResult } from './results.mjs';

const root = join(import.meta.dirname, '..');
const asked = readArguments(process.argv.slice(2));
const results = asked.results ?? join(root, 'bench', 'results', 'latest.json');
const file = asked.page ?? join(root, 'docs', 'performance.md');

const result = readResult(await readFile(results, 'utf8'));
const before = await readFile(file, 'utf8').catch(() => '# Performance\n');
const { page, plots } = withFigures(before, result);
await mkdir(join(dirname(file), 'plots'), { recursive: true });
await writeFile(file, page);
for (const [name, svg] of plots) await writeFile(join(dirname(file), 'plots', name), svg);
spawnSync(process.execPath, [binOf('oxfmt'), file], { cwd: root });
console.log(`${file}, with ${plots.size} plots`);
