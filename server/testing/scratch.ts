/**
 * Where the servers of tests lie: in memory, where the system has a place for that. None of these
 * tests is about a power cut, and to wait for a disk was most of their time. The process that is
 * killed, and what is measured, is on a real disk: spec/crash, bench.
 */
import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The parent of such directories. */
export const SCRATCH = isWritable(IN_MEMORY) ? IN_MEMORY : tmpdir();

/** A directory that nobody else has; who made it removes it. */
export const scratchDirectory = (name: string): Promise<string> =>
  mkdtemp(join(SCRATCH, `offing-${name}-`));
