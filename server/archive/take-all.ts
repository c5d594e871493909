/** An archive from its first line to its last, for whoever makes something of it. */
import { DamagedArchiveError } from '../store/faults.ts';
import { createArchiveCheck } from './check.ts';
import type { Checked } from './check.ts';
import type { Counts } from './format.ts';
import { readArchive } from './read.ts';

/**
 * Gives all facts of an archive to `put`, some at a time, each held against those before it. Throws
 * DamagedArchiveError, also where `put` says that one was there before, and ArchiveFromFutureError: all
 * that was put is to be undone then.
 */
export async function takeAll(
  file: string,
  put: (facts: readonly Checked[]) => boolean,
): Promise<Counts> {
  const check = createArchiveCheck();
  const reading = readArchive(file);
  for (;;) {
    const next = await reading.next();
    if (next.done === true) {
      const missing = check.end();
      if (missing !== undefined) throw new DamagedArchiveError(file, missing);
      return next.value;
    }
    const { line, facts } = next.value;
    const checked = facts.flatMap((fact, i) => {
      const found = check.take(fact);
      if (typeof found === 'string') {
        throw new DamagedArchiveError(file, `line ${line + i}: ${found}`);
      }
      return found ?? [];
    });
    if (put(checked)) continue;
    const lines = `lines ${line} to ${line + facts.length - 1}`;
    throw new DamagedArchiveError(file, `${lines} say something for the second time`);
  }
}
