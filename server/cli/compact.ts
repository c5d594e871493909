/** `offing compact`: what a server does by itself, now, or what it would do. */
import { isSpaceId } from '../../core/index.ts';
import type { ActorId } from '../../core/index.ts';
import { UsageError } from '../config.ts';
import { createRetention } from '../log/retain.ts';
import type { Retention } from '../log/retain.ts';
import { retentionOf } from '../log/retention.ts';
import type { Floor, RetentionRules } from '../log/retention.ts';
import type { LogFigures } from '../store/retention-port.ts';
import { openReading, openSqliteStore } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { wordsOf } from './floor-words.ts';
import { readOptions } from './options.ts';
import { rulesIn } from './rules.ts';

const OPTIONS = {
  data: { type: 'string' },
  space: { type: 'string' },
  'retention-days': { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const;

/** Works beside a running server: devices find the drop when they next ask. */
export async function compact(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, OPTIONS);
  const { space } = values;
  if (space !== undefined && !isSpaceId(space)) {
    throw new UsageError(`--space: "${space}" is not a UUIDv7`);
  }
  const data = existingData(values.data);
  const rules = rulesIn(values['retention-days'], data);
  // Of an older database it throws: the server brings it up to date, and no command beside it.
  const reading = openReading(data);
  const wordsFor = ({ space: id, facts }: LogFigures, floor: Floor): string =>
    wordsOf(floor, facts, rules, (actor: ActorId) => reading.directory.nameOf(id, actor));

  function foreseen(each: LogFigures): string {
    const verdict = retentionOf(each.facts, rules);
    if (verdict.kind === 'drop') return `would be dropped through ${verdict.through}`;
    return wordsFor(each, verdict.floor);
  }

  async function done(each: LogFigures, retention: Retention): Promise<string> {
    let [removed, through] = [0, 0];
    // One drop takes a bounded number of ops, for the devices that fold it.
    for (;;) {
      const found = await retention.retain(each.space);
      if (!found) return 'is gone';
      const { verdict } = found;
      removed += found.removed;
      if (verdict.kind === 'drop') {
        through = verdict.through;
        continue;
      }
      const rows = `${counted(removed, 'op')} removed`;
      if (through > 0) return `dropped through ${through}, ${rows}`;
      const why = verdict.kind === 'damaged' ? DAMAGED : wordsFor(each, verdict.floor);
      return removed > 0 ? `${rows}; ${why}` : why;
    }
  }

  try {
    const wanted = reading.figures().filter((each) => space === undefined || each.space === space);
    if (space !== undefined && wanted.length === 0)
      throw new UsageError(`there is no space ${space}`);
    if (values['dry-run']) {
      for (const each of wanted) console.log(`${each.space}  ${foreseen(each)}`);
      return;
    }
    await withRetention(data, rules, async (retention) => {
      for (const each of wanted) console.log(`${each.space}  ${await done(each, retention)}`);
    });
  } finally {
    reading.close();
  }
}

async function withRetention(
  data: string,
  rules: RetentionRules,
  work: (retention: Retention) => Promise<void>,
): Promise<void> {
  const store = openSqliteStore(data);
  try {
    const deps = { store: store.retention, rules, now: Date.now, report: throwIt };
    await work(createRetention({ ...deps, tell: () => {}, damaged: () => {} }));
  } finally {
    store.close();
  }
}

const DAMAGED = 'held by a damaged snapshot: a server that runs makes it again first';

const throwIt = (error: unknown): never => {
  throw error;
};
