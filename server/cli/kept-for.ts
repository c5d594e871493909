/** For how long logs are kept, as a command takes it: what it is told, or what the server does here. */
import { retentionDays, UsageError } from '../config.ts';
import type { Environment } from '../config.ts';
import { rulesFor } from '../log/retention.ts';
import type { RetentionRules } from '../log/retention.ts';
import { readServedRules } from '../store/served-rules.ts';
import { daysOf } from './floor-words.ts';

/** Where `flag` says nothing, the server's; where none is known, the environment's or the usual. */
export function rulesToLookBy(
  data: string,
  flag: string | undefined,
  env: Environment,
): RetentionRules {
  const served = readServedRules(data);
  const days = retentionDays(flag, served ? {} : env);
  if (!served) return rulesFor(days);
  if (days === undefined) return served;
  const { keepMs, leaseMs } = rulesFor(days);
  return { ...served, keepMs, leaseMs };
}

export interface AskedToDrop {
  readonly flag: string | undefined;
  /** It is meant, though the server keeps its logs for longer. */
  readonly isShorterMeant: boolean;
}

/** The same for what cannot be undone: throws where it is not known how long the server keeps its logs. */
export function rulesToDropBy(
  data: string,
  { flag, isShorterMeant }: AskedToDrop,
  env: Environment,
): RetentionRules {
  const rules = rulesToLookBy(data, flag, env);
  const served = readServedRules(data);
  if (!served && retentionDays(flag, env) === undefined) {
    throw new UsageError(
      'how long the server keeps its logs here is not known yet: start it once, or say it with --retention-days',
    );
  }
  if (served && !isShorterMeant && isShorter(rules, served)) {
    throw new UsageError(
      `--retention-days: the server keeps its logs ${lengthOf(served)}; to drop more all the same, add --shorter`,
    );
  }
  return rules;
}

const isShorter = (one: RetentionRules, other: RetentionRules): boolean =>
  (one.keepMs ?? Infinity) < (other.keepMs ?? Infinity) || one.leaseMs < other.leaseMs;

const lengthOf = ({ keepMs }: RetentionRules): string =>
  keepMs === null ? 'for ever' : `for ${daysOf(keepMs)}`;
