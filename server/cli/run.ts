/** The `offing` command: finds the subcommand, and turns how it ends into an exit code. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageVersion } from '../package-root.ts';
import { dataDirectory, UsageError } from '../config.ts';
import { asFault, DATABASE_FILE } from '../store/database.ts';
import * as faults from '../store/faults.ts';
import { backup } from './backup.ts';
import { compact } from './compact.ts';
import { conformance, NotConforming } from './conformance.ts';
import { doctor, NotSound } from './doctor.ts';
import { epoch } from './epoch.ts';
import { exportTo } from './export.ts';
import { HELP, helpOf } from './help.ts';
import { history } from './history.ts';
import { importFrom } from './import.ts';
import { isParseError } from './options.ts';
import { restore } from './restore.ts';
import { serve } from './serve.ts';
import { stats } from './stats.ts';
import { token } from './token.ts';

const FAILED = 1;
const MISUSED = 2;

/** Runs one command line to its end (`serve` ends by a signal). Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await dispatch(args);
    return 0;
  } catch (error) {
    return explain(error, args);
  }
}

async function dispatch([command, ...rest]: readonly string[]): Promise<void> {
  if (command !== undefined && asksForHelp(rest)) {
    console.log(helpOf(command));
    return;
  }
  switch (command) {
    case 'serve':
      return serve(rest);
    case 'token':
      return token(rest);
    case 'conformance':
      return conformance(rest);
    case 'epoch':
      return epoch(rest);
    case 'backup':
      return backup(rest);
    case 'compact':
      return compact(rest);
    case 'stats':
      return stats(rest);
    case 'restore':
      return restore(rest);
    case 'doctor':
      return doctor(rest);
    case 'export':
      return exportTo(rest);
    case 'import':
      return importFrom(rest);
    case 'history':
      return history(rest);
    case '--version':
    case '-v':
      console.log(packageVersion());
      return;
    case '--help':
    case '-h':
    case 'help':
      console.log(HELP);
      return;
    case undefined:
      throw new UsageError('a command is missing');
    default:
      throw new UsageError(`unknown command "${command}"`);
  }
}

const asksForHelp = (rest: readonly string[]): boolean =>
  rest.some((arg) => arg === '--help' || arg === '-h');

/** Of the operating system, as Node throws it: a file, a folder or a port, and why not. */
const isOfSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

/** What the person can do something about is one line; a fault of ours shows where it happened. */
function explain(thrown: unknown, args: readonly string[]): number {
  const error = asFault(thrown, databaseOf(args));
  if (error instanceof UsageError || isParseError(error)) {
    console.error(`offing: ${error.message}\nSee offing --help.`);
    return MISUSED;
  }
  if (error instanceof NotConforming || error instanceof NotSound) {
    console.error(`offing: ${error.message}`);
    return FAILED;
  }
  const isKnown =
    Object.values(faults).some((fault) => error instanceof fault) || isOfSystem(error);
  console.error(isKnown ? `offing: ${(error as Error).message}` : error);
  return FAILED;
}

/** The file that an error of SQLite is about where nobody on its way has named one: that of the data. */
function databaseOf(args: readonly string[]): string {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' } },
    strict: false,
  });
  const flag = typeof values.data === 'string' ? values.data : undefined;
  return join(dataDirectory(flag, process.env), DATABASE_FILE);
}
