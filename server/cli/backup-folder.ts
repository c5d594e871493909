/**
 * A folder of backups, each named by the time at which it was made. A clock may be wrong, and the name
 * with it: a new one is named behind all that are there, so that their order is that of their making.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../config.ts';
import { checksumFileOf } from '../store/checksum.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { PARTIAL } from '../store/whole-file.ts';
import { stampOf } from './data.ts';

const NAME = /^offing-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z\.db$/;
const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** What its name says, in ms; undefined where it is none of ours. */
function timeIn(name: string): number | undefined {
  const [whole, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (whole === undefined) return undefined;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** The newest last; other files of the folder are none of ours. */
export const backupsIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => timeIn(name) !== undefined)
    .sort()
    .map((name) => join(folder, name));

/** How far a clock may be behind another's before a name counts as one of the future. */
const TOLERATED_MS = 60 * 60_000;

/** Whether a backup has a name that no clock which is right can have given it. */
export const isOfFuture = (file: string, now: number): boolean =>
  (timeIn(basename(file)) ?? 0) > now + TOLERATED_MS;

/** Where the next backup goes: behind all that are there or being made, whatever the clock says. */
export function nextIn(folder: string, now: number): string {
  const taken = readdirSync(folder).flatMap((name) => timeIn(withoutPartial(name)) ?? []);
  const at = Math.max(now, ...taken.map((time) => time + 1));
  if (at > LAST_TIME) {
    throw new UsageError(`a backup in ${folder} is named by the last moment there is: rename it`);
  }
  return join(folder, `offing-${stampOf(at)}.db`);
}

const withoutPartial = (name: string): string =>
  name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name;

/** Deletes all but the newest, and never `made`. Returns which. */
export function keepNewest(folder: string, count: number, made: string): readonly string[] {
  const old = backupsIn(folder)
    .slice(0, -count)
    .filter((file) => file !== made);
  for (const file of old) {
    rmSync(file);
    rmSync(checksumFileOf(file), { force: true });
  }
  return old;
}

/** A backup that is being made is written to all the while, or gone through for some minutes. */
const ABANDONED_MS = 60 * 60_000;

/** Removes what backups that were killed have left half. Returns which. */
export function removeAbandoned(folder: string, now: number): readonly string[] {
  const isAbandoned = (partial: string): boolean => {
    const found = statSync(partial, { throwIfNoEntry: false });
    return found?.isFile() === true && found.mtimeMs < now - ABANDONED_MS;
  };
  const abandoned = readdirSync(folder)
    .filter((name) => name.endsWith(PARTIAL) && timeIn(withoutPartial(name)) !== undefined)
    .map((name) => join(folder, name))
    .filter(isAbandoned);
  for (const partial of abandoned) {
    rmSync(partial, { force: true });
    rmSync(`${partial}-journal`, { force: true });
    const file = withoutPartial(partial);
    if (!existsSync(file)) rmSync(checksumFileOf(file), { force: true });
  }
  return abandoned;
}

/** What `restore` takes where a folder is named, and what there is besides. */
export interface Found {
  readonly file: string;
  /** The next older one, for when this is damaged. */
  readonly older: string | undefined;
}

/** The newest backup of the folder, or the database in it, as in what a restore has set aside. */
export function newestIn(folder: string): Found {
  const [older, file] = [undefined, undefined, ...backupsIn(folder)].slice(-2);
  if (file !== undefined) return { file, older };
  const database = join(folder, DATABASE_FILE);
  if (existsSync(database)) return { file: database, older: undefined };
  throw new UsageError(`there is no backup in ${folder}`);
}
