/** What the command line and the environment say, read once. Flags win over the environment. */
import { resolve } from 'node:path';

export const DEFAULT_PORT = 8787;

/** A setting that cannot be meant so. Its message is for the person at the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function dataDirectory(flag: string | undefined, env: Environment): string {
  return resolve(flag ?? (env['OFFING_DATA'] || './data'));
}

/** 0 takes any free port. */
export const portNumber = (flag: string | undefined, env: Environment): number =>
  portIn(flag ?? (env['PORT'] || String(DEFAULT_PORT)));

export function portIn(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError(`"${text}" is not a port: 0 to 65535`);
  return port;
}

/** 0 makes none; `undefined` where nothing is said. */
export function snapshotEvery(flag: string | undefined): number | undefined {
  if (flag === undefined) return undefined;
  if (/^\d{1,9}$/.test(flag)) return Number(flag);
  throw new UsageError(`--snapshot-every: "${flag}" is not a count of ops, from 0`);
}

export type LogFormat = 'text' | 'json';

export function logFormat(flag: string | undefined): LogFormat {
  if (flag === undefined || flag === 'text') return 'text';
  if (flag === 'json') return 'json';
  throw new UsageError(`--log: "${flag}" is neither text nor json`);
}

const MOST_DAYS = 36_500;

/** For how many days that servers run a log is kept, at least; 0: for ever, `null`. */
export function retentionDays(
  flag: string | undefined,
  env: Environment,
): number | null | undefined {
  const text = flag ?? env['OFFING_RETENTION_DAYS'];
  if (text === undefined || text === '') return undefined;
  const days = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(days <= MOST_DAYS)) {
    throw new UsageError(
      `--retention-days: "${text}" is not a count of days, from 0 to ${MOST_DAYS}`,
    );
  }
  return days === 0 ? null : days;
}
