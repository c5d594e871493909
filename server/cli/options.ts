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

/** The options given, and the positional arguments named in `positionals`; `optional` ones may lack. */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
  positionals: readonly string[] = [],
  optional: readonly string[] = [],
): ReturnType<typeof parseArgs<Reading<T>>> {
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  const missing = positionals[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const names = [...positionals, ...optional];
  const extra = parsed.positionals[names.length];
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`);
  assertNoEmptyPath(parsed.positionals.map((value, i) => [names[i] ?? '', value]));
  assertNoEmptyPath(Object.entries(parsed.values).map(([name, value]) => [`--${name}`, value]));
  return parsed;
}

const PATHS = new Set(['TO', 'FROM', 'FILE', '--data', '--all', '--sqlite', '--cert', '--key']);

/** Such as of a script's variable that is not set: it would stand for the folder one is in. */
function assertNoEmptyPath(given: readonly (readonly [string, unknown])[]): void {
  const [found] = given.filter(([name, value]) => value === '' && PATHS.has(name));
  if (found) throw new UsageError(`${found[0]} is empty`);
}

/** The parser's own errors, which name the option at fault. */
export const isParseError = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS');
