/** `offing backup TO`: a copy of the database that can be trusted, beside a server that goes on. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { UsageError } from '../config.ts';
import { backUp } from '../store/backup.ts';
import { isOfFuture, keepNewest, nextIn, removeAbandoned } from './backup-folder.ts';
import { counted, existingData, newFile } from './data.ts';
import { readOptions } from './options.ts';

export async function backup(args: readonly string[]): Promise<void> {
  const options = { data: { type: 'string' }, keep: { type: 'string' } } as const;
  const { values, positionals } = readOptions(args, options, ['TO']);
  const [to = ''] = positionals;
  const data = existingData(values.data);
  const folder = folderOf(to);
  const keep = keepOf(values.keep);
  if (keep !== undefined && folder === undefined) {
    throw new UsageError(
      `--keep is of a folder, and ${to} is none: end it with ${sep} to make one`,
    );
  }
  const file = folder === undefined ? newFile(to) : placeIn(folder);
  const made = await backUp(data, file);
  // Alone on standard output: it goes straight into a variable.
  console.log(file);
  const size = `${(made.bytes / 1e6).toFixed(1)} MB`;
  console.error(`${counted(made.spaces, 'space')}, ${counted(made.ops, 'op')}, ${size}; checked.`);
  if (folder === undefined || keep === undefined) return;
  for (const old of keepNewest(folder, keep, file)) console.error(`Deleted ${old}`);
}

/** A name in the folder, which is rid of what killed backups have left there. */
function placeIn(folder: string): string {
  const now = Date.now();
  for (const partial of removeAbandoned(folder, now)) console.error(`Deleted ${partial}`);
  const file = nextIn(folder, now);
  if (isOfFuture(file, now)) {
    console.error(
      `A backup in ${folder} has a name in the future: the clock is wrong, or was. This one is named ` +
        'behind it, so that it counts as the newest.',
    );
  }
  return file;
}

/** Its path, made if it ends as one; undefined where a file is meant. */
function folderOf(to: string): string | undefined {
  if (/[/\\]$/.test(to)) mkdirSync(to, { recursive: true, mode: 0o700 });
  return existsSync(to) && statSync(to).isDirectory() ? resolve(to) : undefined;
}

function keepOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError(`--keep: "${text}" is not a count from 1`);
  return Number(text);
}
