/** `offing stats`: what each log comes to, and what keeps it from getting shorter. */
import type { ActorId } from '../../core/index.ts';
import { retentionDays } from '../config.ts';
import { retentionOf, rulesFor } from '../log/retention.ts';
import type { RetentionRules } from '../log/retention.ts';
import type { LogFigures } from '../store/retention-port.ts';
import { openReading } from '../store/sqlite.ts';
import type { Reading } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { daysOf, wordsOf } from './floor-words.ts';
import { readOptions } from './options.ts';

export async function stats(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    data: { type: 'string' },
    'retention-days': { type: 'string' },
    json: { type: 'boolean' },
  });
  const rules = rulesFor(retentionDays(values['retention-days'], process.env));
  const reading = openReading(existingData(values.data), true);
  try {
    for (const each of reading.figures()) {
      const stat = statOf(each, rules, reading);
      console.log(values.json ? JSON.stringify(stat) : textOf(stat));
    }
  } finally {
    reading.close();
  }
}

/** A line of `--json`. */
interface Stat {
  readonly space: string;
  readonly head: number;
  readonly horizon: number;
  /** In the log, and the bytes of their payloads. */
  readonly ops: number;
  readonly bytes: number;
  readonly snapshot: { readonly seq: number; readonly builtAt: string } | null;
  /** How long servers have run on this database, ever. */
  readonly servedMs: number;
  readonly floor: {
    /** `nothing`: the next drop is due. */
    readonly by: 'rules' | 'age' | 'follower' | 'snapshot' | 'damage' | 'nothing';
    readonly actor?: ActorId;
    readonly account?: string | undefined;
    readonly cursor?: number;
    /** Since the actor was last seen, in time that servers have run, to a day. */
    readonly unseenMs?: number;
    readonly words: string;
  };
}

function statOf(each: LogFigures, rules: RetentionRules, reading: Reading): Stat {
  const { space, facts, ops, bytes, newestSnapshot } = each;
  const { head, horizon } = facts.space;
  const snapshot = newestSnapshot && {
    seq: newestSnapshot.seq,
    builtAt: new Date(newestSnapshot.builtAt).toISOString(),
  };
  const floor = floorIn(each, rules, reading);
  return { space, head, horizon, ops, bytes, snapshot, servedMs: facts.served, floor };
}

function floorIn(
  { space, facts }: LogFigures,
  rules: RetentionRules,
  { directory }: Reading,
): Stat['floor'] {
  const verdict = retentionOf(facts, rules);
  if (verdict.kind === 'drop') {
    return { by: 'nothing', words: `to be dropped through ${verdict.through}` };
  }
  const { floor } = verdict;
  const nameOf = (actor: ActorId) => directory.nameOf(space, actor);
  const words = wordsOf(floor, facts, rules, nameOf);
  if (floor.by !== 'follower') return { by: floor.by, words };
  const { actor, cursor, seen } = floor.follower;
  const unseenMs = facts.served - seen;
  return { by: floor.by, actor, account: nameOf(actor), cursor, unseenMs, words };
}

function textOf({ space, head, horizon, ops, bytes, snapshot, servedMs, floor }: Stat): string {
  const places = ops > 0 ? ` (${horizon + 1} to ${head})` : '';
  return [
    space,
    `  log       ${counted(ops, 'op')}${places}, ${(bytes / 1e6).toFixed(1)} MB of payloads`,
    `  snapshot  ${snapshot ? `at ${snapshot.seq}, of ${snapshot.builtAt}` : 'none'}`,
    `  kept      ${floor.words}; servers have run for ${daysOf(servedMs)}`,
  ].join('\n');
}
