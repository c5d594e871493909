/**
 * How far the database had got, in a file beside it: a database that was put back by hand, from a copy
 * or a snapshot of the disk, is behind its mark, or has another op there. The mark is written after
 * commits and lags behind them; what is put back to within that lag the devices notice all the same,
 * by their cursors and digests.
 */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from './database.ts';
import { LostDatabaseError } from './faults.ts';
import { putText } from './whole-file.ts';

/** Its name in the data directory. */
export const HIGH_WATER_FILE = 'offing.high-water';

/** The newest op of the whole database, whichever space it is in. */
export interface HighWater {
  /** Its number, which grows with each op. */
  readonly n: number;
  /** The chain at it, in hex. */
  readonly digest: string;
}

const MARK = /^(\d{1,15}) ([0-9a-f]{32})\n$/;

/** Undefined where there is none, or none that can be read. */
export function readHighWater(data: string): HighWater | undefined {
  const file = join(data, HIGH_WATER_FILE);
  if (!existsSync(file)) return undefined;
  const [, n, digest] = MARK.exec(readFileSync(file, 'utf8')) ?? [];
  return n === undefined || digest === undefined ? undefined : { n: Number(n), digest };
}

/** Whole or not at all. It need not be on the disk at once: an older mark only notices less. */
export const writeHighWater = (data: string, { n, digest }: HighWater): void =>
  putText(join(data, HIGH_WATER_FILE), `${n} ${digest}\n`);

/** Of a database that is meant to be another one. */
export const forgetHighWater = (data: string): void =>
  rmSync(join(data, HIGH_WATER_FILE), { force: true });

export interface HighWaterFacts {
  /** Of the database as it is; `null` where it has no op. */
  readonly now: HighWater | null;
  /** The chain at the op that the mark names; `null` where that is not kept any more. */
  readonly digestAtMark: string | null;
}

/** Whether the database is an earlier one than the mark was made of, or another. */
export function isPutBack(mark: HighWater, { now, digestAtMark }: HighWaterFacts): boolean {
  if (!now || now.n < mark.n) return true;
  return digestAtMark !== null && digestAtMark !== mark.digest;
}

/**
 * Throws LostDatabaseError where the mark knows of ops and there is no database, or an empty file: whoever
 * opened that to write would make a new server of it, and its devices would find nothing of theirs.
 */
export function assertNotLost(data: string): void {
  const mark = readHighWater(data);
  if (mark && !hasContent(join(data, DATABASE_FILE))) throw lost(data, mark);
}

/** The same where there is a database, and in it no log that ever had an op. */
export function assertHistory(data: string, hasHistory: () => boolean): void {
  const mark = readHighWater(data);
  if (mark && !hasHistory()) throw lost(data, mark);
}

/** Whether there is anything in the file. Without, SQLite makes nothing of the log beside it either. */
export const hasContent = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

const lost = (data: string, { n }: HighWater): LostDatabaseError =>
  new LostDatabaseError(join(data, DATABASE_FILE), n, join(data, HIGH_WATER_FILE));
