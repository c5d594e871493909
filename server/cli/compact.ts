/** `offing compact`: what a server does by itself, now, or what it would do. */
import { isSpaceId } from '../../core/index.ts';
import type { ActorId } from '../../core/index.ts';
import { retentionDays, UsageError } from '../config.ts';
import { createRetention } from '../log/retain.ts';
import { retentionOf, rulesFor } from '../log/retention.ts';
import type { Floor } from '../log/retention.ts';
import { readParts } from '../snapshots/read-parts.ts';
import type { LogFigures } from '../store/retention-port.ts';
import { openReading, openSqliteStore } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { wordsOf } from './floor-words.ts';
import { readOptions } from './options.ts';

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
  const rules = rulesFor(retentionDays(values['retention-days'], process.env));
  const data = existingData(values.data);
  // First: it brings an older database up to date.
  const store = openSqliteStore(data);
  const reading = openReading(data);
  const retention = createRetention({
    store: store.retention,
    rules,
    readBack: (id) => readParts(store.snapshots, id),
    // A server finds it as well, and makes it again.
    onDamage() {},
    now: Date.now,
    tell() {},
    report: throwIt,
  });
  const wordsFor = ({ space: id, facts }: LogFigures, floor: Floor): string =>
    wordsOf(floor, facts, rules, (actor: ActorId) => reading.directory.nameOf(id, actor));

  function foreseen(each: LogFigures): string {
    const verdict = retentionOf(each.facts, rules);
    if (verdict.kind === 'drop') return `would be dropped through ${verdict.through}`;
    return wordsFor(each, verdict.floor);
  }

  async function done(each: LogFigures): Promise<string> {
    const found = await retention.retain(each.space);
    if (!found) return 'is gone';
    const rows = `${counted(found.removed, 'op')} removed`;
    const { verdict } = found;
    if (verdict.kind === 'drop') return `dropped through ${verdict.through}, ${rows}`;
    const why = wordsFor(each, verdict.floor);
    return found.removed > 0 ? `${rows}; ${why}` : why;
  }

  try {
    const wanted = reading.figures().filter((each) => space === undefined || each.space === space);
    if (space !== undefined && wanted.length === 0)
      throw new UsageError(`there is no space ${space}`);
    for (const each of wanted) {
      console.log(`${each.space}  ${values['dry-run'] ? foreseen(each) : await done(each)}`);
    }
  } finally {
    reading.close();
    store.close();
  }
}

const throwIt = (error: unknown): never => {
  throw error;
};
