/** `offing restore FROM`: a backup in the place of the database, and devices that will notice. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dataDirectory, UsageError } from '../config.ts';
import { restore as putBack } from '../store/backup.ts';
import type { Restored } from '../store/backup.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { DamagedBackupError } from '../store/faults.ts';
import { isOfFuture, newestIn } from './backup-folder.ts';
import type { Found } from './backup-folder.ts';
import { counted, lineOfEpoch, stampOf } from './data.ts';
import { newEpoch } from '../new-epoch.ts';
import { readOptions } from './options.ts';

export async function restore(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, { data: { type: 'string' } }, ['FROM']);
  const data = dataDirectory(values.data, process.env);
  const found = backupAt(positionals[0] ?? '');
  const { file } = found;
  if (isSame(file, join(data, DATABASE_FILE))) {
    throw new UsageError(
      `${file} is the database itself: for new epochs there is offing epoch new`,
    );
  }
  const now = Date.now();
  const restored = await restoring(data, found, now);
  for (const each of restored.renewed) console.log(lineOfEpoch(each));
  const { spaces, ops, replaced, hadChecksum, hadWal } = restored;
  console.error(`Restored ${file}: ${counted(spaces, 'space')}, ${counted(ops, 'op')}.`);
  if (isOfFuture(file, now)) console.error(`Its name lies in the future. ${OF_FUTURE}`);
  if (hadWal) console.error('With what was committed in the log beside it (-wal).');
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

const OF_FUTURE = 'If it is not the backup you mean, restore that one by its name.';

/** Names the next older backup where this one is damaged. */
async function restoring(data: string, { file, older }: Found, now: number): Promise<Restored> {
  try {
    return await putBack(data, file, { newEpoch, stamp: stampOf(now) });
  } catch (error) {
    if (!(error instanceof DamagedBackupError) || older === undefined) throw error;
    throw new DamagedBackupError(file, error.why, { older, cause: error });
  }
}

function backupAt(from: string): Found {
  const path = resolve(from);
  if (!existsSync(path)) throw new UsageError(`there is no ${path}`);
  return statSync(path).isDirectory() ? newestIn(path) : { file: path, older: undefined };
}

/** Under whatever names. */
const isSame = (one: string, other: string): boolean =>
  existsSync(other) && realpathSync(one) === realpathSync(other);
