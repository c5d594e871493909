/** `offing import FILE`: a server's database from an archive of another's. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { importAll } from '../archive/import-all.ts';
import { dataDirectory, UsageError } from '../config.ts';
import { newEpoch } from '../new-epoch.ts';
import { contentOf, lineOfEpoch, stampOf } from './data.ts';
import { readOptions } from './options.ts';

export async function importFrom(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, { data: { type: 'string' } }, ['FILE']);
  const file = resolve(positionals[0] ?? '');
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`there is no ${file}`);
  if (found.isDirectory()) throw new UsageError(`${file} is a folder, and no archive`);
  const data = dataDirectory(values.data, process.env);
  const { renewed, counts } = await importAll(data, file, { newEpoch, stamp: stampOf(Date.now()) });
  for (const each of renewed) console.log(lineOfEpoch(each));
  console.error(`Imported ${file}: ${contentOf(counts)}.`);
  console.error(AFTERWARDS);
}

const AFTERWARDS = `
Each log has a new epoch. A device that knows more than the archive notices at its next exchange, and
sends again what it wrote itself in the last thirty days and the archive lacks. Tokens count as they
did when it was made: see offing token list.`.trim();
