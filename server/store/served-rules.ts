/**
 * How long the server of a data directory keeps its logs, in a file beside the database: for the commands
 * that compact a log, or say what holds it. What they took for themselves would be another rule, and what
 * one drops by a shorter one than was meant is gone.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RetentionRules } from '../log/retention.ts';
import { putText } from './whole-file.ts';

/** Its name in the data directory. */
export const SERVED_RULES_FILE = 'offing.retention';

const RULES = /^keep (ever|\d{1,15}) lease (\d{1,15}) buffer (\d{1,9}) most (\d{1,9})\n$/;

/** Of the server that began here last. Undefined where none did yet, or its words cannot be read. */
export function readServedRules(data: string): RetentionRules | undefined {
  const file = join(data, SERVED_RULES_FILE);
  if (!existsSync(file)) return undefined;
  const [, keep, lease, buffer, most] = RULES.exec(readFileSync(file, 'utf8')) ?? [];
  if (keep === undefined) return undefined;
  return {
    keepMs: keep === 'ever' ? null : Number(keep),
    leaseMs: Number(lease),
    buffer: Number(buffer),
    most: Number(most),
  };
}

export function writeServedRules(
  data: string,
  { keepMs, leaseMs, buffer, most }: RetentionRules,
): void {
  const words = `keep ${keepMs ?? 'ever'} lease ${leaseMs} buffer ${buffer} most ${most}\n`;
  putText(join(data, SERVED_RULES_FILE), words);
}
