/** Reads the options of a subcommand with Node's own parser. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { UsageError } from '../config.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

interface Reading<T extends Options> {
  args: string[];
  options: T;
  allowPositionals: true;
  strict: true;
}

/** The options given, and exactly the positional arguments named in `positionals`. */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
  positionals: readonly string[] = [],
): ReturnType<typeof parseArgs<Reading<T>>> {
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  const missing = positionals[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = parsed.positionals[positionals.length];
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`);
  return parsed;
}

/** The parser's own errors, which name the option at fault. */
export const isParseError = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS');
