/** How long logs are kept, as the commands beside a server go by it. */
import { retentionDays } from '../config.ts';
import { DEFAULT_RETENTION, rulesFor } from '../log/retention.ts';
import type { RetentionRules } from '../log/retention.ts';
import { notedRules } from '../store/noted-rules.ts';

/** As the command line or the environment says; otherwise as the last server on `data` went by. */
export function rulesIn(flag: string | undefined, data: string): RetentionRules {
  const days = retentionDays(flag, process.env);
  return days === undefined ? { ...DEFAULT_RETENTION, ...notedRules(data) } : rulesFor(days);
}
