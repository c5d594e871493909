/** `offing restore FROM`: a backup in the place of the database, and devices that will notice. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataDirectory, UsageError } from '../config.ts';
import { restore as putBack } from '../store/backup.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { backupsIn } from './backup-folder.ts';
import { counted, lineOfEpoch, stampOf } from './data.ts';
import { newEpoch } from '../new-epoch.ts';
import { readOptions } from './options.ts';

export async function restore(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, { data: { type: 'string' } }, ['FROM']);
  const file = backupAt(positionals[0] ?? '');
  const data = dataDirectory(values.data, process.env);
  if (file === resolve(data, DATABASE_FILE)) {
    throw new UsageError(`${file} is the database that is there: see offing epoch new`);
  }
  const restored = await putBack(data, file, { newEpoch, stamp: stampOf(Date.now()) });
  for (const each of restored.renewed) console.log(lineOfEpoch(each));
  const { spaces, ops, replaced, hadChecksum } = restored;
  console.error(`Restored ${file}: ${counted(spaces, 'space')}, ${counted(ops, 'op')}.`);
  if (!hadChecksum) {
    console.error('No checksum lies beside it: its structure and its logs were checked, no more.');
  }
  if (replaced !== undefined) console.error(`What was there is in ${replaced}`);
  console.error(AFTERWARDS);
}

const AFTERWARDS = `
Each log has a new epoch. A device that knows more than the backup notices at its next exchange, and
sends again what it wrote itself in the last thirty days and the backup lacks. Tokens that were
revoked since the backup count again: see offing token list.`.trim();

function backupAt(from: string): string {
  const path = resolve(from);
  if (!existsSync(path)) throw new UsageError(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return path;
  const { made, ahead } = backupsIn(path, Date.now());
  const [next] = ahead;
  if (next !== undefined) {
    throw new UsageError(
      `${next} is named for a time to come: name the file that is to be restored`,
    );
  }
  // What an earlier restore has kept.
  const kept = join(path, DATABASE_FILE);
  const newest = made.at(-1) ?? (existsSync(kept) ? kept : undefined);
  if (newest === undefined) throw new UsageError(`there is no backup in ${path}`);
  return newest;
}
