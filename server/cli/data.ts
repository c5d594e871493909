/** The data directory as the commands that work on it find it. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Counts } from '../archive/format.ts';
import { dataDirectory, UsageError } from '../config.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { StorageRefusedError } from '../store/faults.ts';
import type { Renewed } from '../store/port.ts';

/**
 * Where the database is. A mistyped directory must not become an empty one, nor an empty file a server's
 * database. Throws StorageRefusedError where one cannot tell.
 */
export function existingData(flag: string | undefined): string {
  const data = dataDirectory(flag, process.env);
  const file = join(data, DATABASE_FILE);
  const size = sizeOf(file);
  if (size === undefined) throw new UsageError(`there is no database in ${data}`);
  if (size === 0) throw new UsageError(`${file} is empty: restore a backup (offing restore)`);
  return data;
}

function sizeOf(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.size;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new StorageRefusedError(file, 'cannot be opened', code, { cause: error });
  }
}

/** The path of a file that is to be made: nothing is written over. */
export function newFile(to: string): string {
  const file = resolve(to);
  if (existsSync(file)) throw new UsageError(`${file} is there already`);
  if (!existsSync(dirname(file))) throw new UsageError(`there is no folder ${dirname(file)}`);
  return file;
}

export const lineOfEpoch = ({ space, epoch, from }: Renewed): string =>
  `${space}  ${epoch}  from ${from}`;

/** A time in names of files: it sorts, and every file system takes it. */
export const stampOf = (now: number): string => new Date(now).toISOString().replaceAll(/[-:]/g, '');

export const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`;

/** What an archive holds, for a person. */
export const contentOf = ({ account, token, space, op }: Counts): string =>
  [
    counted(account, 'account'),
    counted(token, 'token'),
    counted(space, 'space'),
    counted(op, 'op'),
  ].join(', ');
