/** `offing restore FROM`: a backup in the place of the database, and devices that will notice. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { dataDirectory, UsageError } from '../config.ts';
import { restore as putBack } from '../store/backup.ts';
import { backupsIn } from './backup-folder.ts';
import { counted, lineOfEpoch, stampOf } from './data.ts';
import { newEpoch } from '../new-epoch.ts';
import { readOptions } from './options.ts';

export async function restore(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, { data: { type: 'string' } }, ['FROM']);
  const file = backupAt(positionals[0] ?? '');
  const data = dataDirectory(values.data, process.env);
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
  const newest = backupsIn(path).at(-1);
  if (newest === undefined) throw new UsageError(`there is no backup in ${path}`);
  return newest;
}
