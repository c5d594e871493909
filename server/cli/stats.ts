/** `offing stats`: what each log comes to, and what keeps it from getting shorter. */
import type { ActorId } from '../../core/index.ts';
import { DAY_MS, retentionOf } from '../log/retention.ts';
import type { RetentionRules } from '../log/retention.ts';
import type { LogFigures } from '../store/retention-port.ts';
import { openReading } from '../store/sqlite.ts';
import type { Reading } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { daysOf, wordsOf } from './floor-words.ts';
import { rulesToLookBy } from './kept-for.ts';
import { readOptions } from './options.ts';

export async function stats(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    data: { type: 'string' },
    'retention-days': { type: 'string' },
    json: { type: 'boolean' },
  });
  const data = existingData(values.data);
  const rules = rulesToLookBy(data, values['retention-days'], process.env);
  const reading = openReading(data, true);
  try {
    const all = reading.figures();
    for (const each of all) {
      const stat = statOf(each, rules, reading);
      console.log(values.json ? JSON.stringify(stat) : textOf(stat));
    }
    if (!values.json) console.log(textOfFile(reading.bytes(), all));
  } finally {
    reading.close();
  }
}

/** A line of `--json`. */
interface Stat {
  readonly space: string;
  /** The name of the account that made it. */
  readonly owner: string | undefined;
  readonly head: number;
  readonly horizon: number;
  /** In the log, and the bytes of their payloads. */
  readonly ops: number;
  readonly bytes: number;
  /** The newest; its age in whole days of the wall clock. */
  readonly snapshot: {
    readonly seq: number;
    readonly builtAt: string;
    readonly ageDays: number;
  } | null;
  /** Of all that are stored. */
  readonly snapshotBytes: number;
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
  const { space, facts, ops, bytes, snapshotBytes, newestSnapshot } = each;
  const { head, horizon } = facts.space;
  const snapshot = newestSnapshot && {
    seq: newestSnapshot.seq,
    builtAt: new Date(newestSnapshot.builtAt).toISOString(),
    ageDays: Math.max(0, Math.floor((Date.now() - newestSnapshot.builtAt) / DAY_MS)),
  };
  const floor = floorIn(each, rules, reading);
  const owner = reading.directory.ownerOf(space);
  const log = { head, horizon, ops, bytes, snapshot, snapshotBytes };
  return { space, owner, ...log, servedMs: facts.served, floor };
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

function textOf(stat: Stat): string {
  const { space, owner, head, horizon, ops, bytes, servedMs, floor } = stat;
  const places = ops > 0 ? ` (${horizon + 1} to ${head})` : '';
  return [
    `${space}  of ${owner ?? 'nobody known'}`,
    `  log       ${counted(ops, 'op')}${places}, ${megabytes(bytes)} of payloads`,
    `  snapshot  ${snapshotIn(stat)}`,
    `  kept      ${floor.words}; servers have run for ${daysOf(servedMs)}`,
  ].join('\n');
}

function snapshotIn({ snapshot, snapshotBytes }: Stat): string {
  if (!snapshot) return 'none';
  const { seq, builtAt, ageDays } = snapshot;
  return `at ${seq}, of ${builtAt}, ${counted(ageDays, 'day')} ago; ${megabytes(snapshotBytes)} stored`;
}

function textOfFile(bytes: number, all: readonly LogFigures[]): string {
  const stored = all.reduce((sum, { snapshotBytes }) => sum + snapshotBytes, 0);
  return `database   ${megabytes(bytes)}, snapshots in it ${megabytes(stored)}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
