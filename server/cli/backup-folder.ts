/** A folder of backups, each named by the time at which it was made. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checksumFileOf } from '../store/checksum.ts';
import { stampOf } from './data.ts';

const NAME = /^offing-\d{8}T\d{6}\.\d{3}Z\.db$/;

export const nameAt = (now: number): string => `offing-${stampOf(now)}.db`;

/** The newest last; other files of the folder are none of ours. */
export const backupsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(folder, name));

/** Deletes all but the newest. Returns which. */
export function keepNewest(folder: string, count: number): readonly string[] {
  const old = backupsIn(folder).slice(0, -count);
  for (const file of old) {
    rmSync(file);
    rmSync(checksumFileOf(file), { force: true });
  }
  return old;
}
