/** `npm run simulate`: reads what is asked for, makes the bundle, and runs it. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
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
  const folder = folderForBundles();
  try {
    const around = { tell, now: Date.now, signal };
    return (await run(read.asked, around, folder)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NotBegunError)) throw error;
    tell(error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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
