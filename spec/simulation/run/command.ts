/** `npm run simulate`: reads what is asked for, makes the bundle, and runs it. */
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { readArguments, type Asked } from './arguments.ts';
import { bundleSimulation, folderForBundles } from './bundle.ts';
import { runKnownBad } from '../known-bad/run-known-bad.ts';
import { NotBegunError } from './crew.ts';
import { runMany, type Surroundings } from './run-many.ts';
import { runOne } from './run-one.ts';

export interface Terminal {
  readonly tell: (line: string) => void;
  /** Ends the run where it is. */
  readonly signal: AbortSignal;
}

/** Returns the exit code. */
export async function simulateCommand(
  args: readonly string[],
  { tell, signal }: Terminal,
): Promise<number> {
  const read = readArguments(args, availableParallelism());
  if (!read.ok) {
    tell(read.why);
    return 2;
  }
  const { asked } = read;
  // Not after an hour: a report that cannot be written is told before anything is run.
  if (asked.kind === 'many' && asked.report !== undefined && !hasRoomFor(asked.report)) {
    tell(`there is no folder for ${asked.report}`);
    return 2;
  }
  const folder = folderForBundles();
  try {
    const around = { tell, now: Date.now, signal };
    return (await run(asked, around, folder)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotBegunError)) throw error;
    tell(error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const hasRoomFor = (report: string): boolean => existsSync(dirname(resolve(report)));

async function run(
  asked: Asked,
  around: Omit<Surroundings, 'bundle'>,
  folder: string,
): Promise<boolean> {
  if (asked.kind === 'known-bad') return runKnownBad(asked, around);
  const bundle = await bundleSimulation(folder);
  return asked.kind === 'one'
    ? runOne(asked, { ...around, bundle })
    : runMany(asked, { ...around, bundle });
}
