/**
 * How long the server keeps its logs, in a file beside the database: commands that work on it without
 * the server go by the same, unless they are told otherwise.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from '../../core/index.ts';

/** Its name in the data directory. */
const RULES_FILE = 'offing.retention.json';

const RulesSchema = v.object({
  /** In ms of served time; `null`: for ever. */
  keepMs: v.nullable(v.pipe(v.number(), v.minValue(0))),
  leaseMs: v.pipe(v.number(), v.minValue(0)),
});

/** What is noted of RetentionRules. */
export type NotedRules = v.InferOutput<typeof RulesSchema>;

/** Whole or not at all. */
export function noteRules(data: string, { keepMs, leaseMs }: NotedRules): void {
  const file = join(data, RULES_FILE);
  const partial = `${file}.partial`;
  writeFileSync(partial, `${JSON.stringify({ keepMs, leaseMs })}\n`, { mode: 0o600 });
  renameSync(partial, file);
}

/** Those of the last server; undefined where none has noted any, or they cannot be read. */
export function notedRules(data: string): NotedRules | undefined {
  try {
    const parsed = parse(RulesSchema, JSON.parse(readFileSync(join(data, RULES_FILE), 'utf8')));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}
