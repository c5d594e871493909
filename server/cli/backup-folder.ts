/** A folder of backups, each named by the time at which it was made. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checksumFileOf } from '../store/checksum.ts';
import { PARTIAL } from '../store/whole-file.ts';
import { stampOf } from './data.ts';

const NAME = /^offing-\d{8}T\d{6}\.\d{3}Z\.db$/;

export const nameAt = (now: number): string => `offing-${stampOf(now)}.db`;

interface Backups {
  /** The newest last. */
  readonly made: readonly string[];
  /** Named for a time to come: a clock was wrong, then or now, and nobody knows how old they are. */
  readonly ahead: readonly string[];
}

/** Other files of the folder are none of ours. */
export function backupsIn(folder: string, now: number): Backups {
  const names = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort();
  const latest = nameAt(now);
  const at = (name: string) => join(folder, name);
  return {
    made: names.filter((name) => name <= latest).map(at),
    ahead: names.filter((name) => name > latest).map(at),
  };
}

/**
 * Deletes all but so many, and never the one that was just made. What is named for a time to come goes
 * first, or it would stay for ever, and each new backup be deleted in its place. Returns which went.
 */
export function keepNewest(
  folder: string,
  { count, made: latest, now }: { count: number; made: string; now: number },
): readonly string[] {
  const { made, ahead } = backupsIn(folder, now);
  const others = [...ahead, ...made].filter((file) => file !== latest);
  const old = others.slice(0, Math.max(0, others.length - (count - 1)));
  for (const file of old) {
    rmSync(file);
    rmSync(checksumFileOf(file), { force: true });
  }
  return old;
}

/** No backup takes so long to be made. */
const LEFT_BEHIND_MS = 24 * 3_600_000;

/** Deletes what backups left behind that were killed: each is as large as one. */
export function removeLeftBehind(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const isPartial = name.endsWith(PARTIAL) && NAME.test(name.slice(0, -PARTIAL.length));
    if (isPartial && now - statSync(file).mtimeMs > LEFT_BEHIND_MS) rmSync(file, { force: true });
  }
}
