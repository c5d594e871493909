/** `offing compact`: what a server does by itself, now, or what it would do. */
import { isSpaceId } from '../../core/index.ts';
import type { ActorId, SpaceId } from '../../core/index.ts';
import { UsageError } from '../config.ts';
import { createRetention } from '../log/retain.ts';
import type { Retention } from '../log/retain.ts';
import { retentionOf } from '../log/retention.ts';
import type { Floor, RetentionRules } from '../log/retention.ts';
import { readParts } from '../snapshots/read-parts.ts';
import type { LogFigures } from '../store/retention-port.ts';
import { openReading, openSqliteStore } from '../store/sqlite.ts';
import type { Reading, Store } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { NotSound } from './doctor.ts';
import { wordsOf } from './floor-words.ts';
import { rulesToDropBy, rulesToLookBy } from './kept-for.ts';
import { readOptions } from './options.ts';

const OPTIONS = {
  data: { type: 'string' },
  space: { type: 'string' },
  'retention-days': { type: 'string' },
  shorter: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const;

/**
 * Works beside a running server: devices find the drop when they next ask. Throws NotSound where it could
 * not be done for each space, and DatabaseNotMigratedError for a database that it leaves as it is.
 */
export async function compact(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, OPTIONS);
  const { space, 'retention-days': flag } = values;
  if (space !== undefined && !isSpaceId(space)) {
    throw new UsageError(`--space: "${space}" is not a UUIDv7`);
  }
  const data = existingData(values.data);
  // Before anything is opened for writing: to bring an earlier database up to date is the server's.
  const reading = openReading(data);
  try {
    const rules = values['dry-run']
      ? rulesToLookBy(data, flag, process.env)
      : rulesToDropBy(data, { flag, isShorterMeant: values.shorter === true }, process.env);
    const wanted = reading.figures().filter((each) => space === undefined || each.space === space);
    if (space !== undefined && wanted.length === 0)
      throw new UsageError(`there is no space ${space}`);
    const words = wordsIn(reading, rules);
    if (values['dry-run']) foresee(wanted, rules, words);
    else await compactAll(wanted, { data, rules, words });
  } finally {
    reading.close();
  }
}

/** Why a log is no shorter. */
type Words = (of: LogFigures, floor: Floor) => string;

const wordsIn =
  ({ directory }: Reading, rules: RetentionRules): Words =>
  ({ space, facts }, floor) =>
    wordsOf(floor, facts, rules, (actor: ActorId) => directory.nameOf(space, actor));

function foresee(wanted: readonly LogFigures[], rules: RetentionRules, words: Words): void {
  for (const each of wanted) {
    const verdict = retentionOf(each.facts, rules);
    const would =
      verdict.kind === 'drop'
        ? `would be dropped through ${verdict.through}`
        : words(each, verdict.floor);
    console.log(`${each.space}  ${would}`);
  }
}

interface Compacting {
  readonly data: string;
  readonly rules: RetentionRules;
  readonly words: Words;
}

/** What is wrong with one space is told, and does not hold up the others. */
async function compactAll(
  wanted: readonly LogFigures[],
  { data, rules, words }: Compacting,
): Promise<void> {
  const store = openSqliteStore(data);
  const retention = retentionOver(store, rules);
  let faults = 0;
  try {
    for (const each of wanted) {
      try {
        const { isHeldUp, text } = await compactOne(each, retention, words);
        console.log(`${each.space}  ${text}`);
        if (isHeldUp) faults += 1;
      } catch (error) {
        faults += 1;
        console.error(`${each.space}  ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    store.close();
  }
  if (faults > 0) {
    throw new NotSound(`${counted(faults, 'space')} of ${wanted.length} could not be compacted`);
  }
}

function retentionOver({ retention: store, snapshots }: Store, rules: RetentionRules): Retention {
  const readBack = (space: SpaceId) => readParts(snapshots, space);
  // A server finds what is damaged as well, and makes it again.
  return createRetention({
    store,
    rules,
    readBack,
    onDamage() {},
    now: Date.now,
    tell() {},
    report() {},
  });
}

interface Compacted {
  readonly text: string;
  /** Something is wrong there. */
  readonly isHeldUp: boolean;
}

/** A drop takes so many ops and no more: here one comes behind the other, until nothing is left to go. */
async function compactOne(
  each: LogFigures,
  retention: Retention,
  words: Words,
): Promise<Compacted> {
  const done: string[] = [];
  let removed = 0;
  let found = await retention.retain(each.space);
  while (found?.verdict.kind === 'drop') {
    removed += found.removed;
    done[0] = `dropped through ${found.verdict.through}`;
    found = await retention.retain(each.space);
  }
  if (found?.verdict.kind !== 'wait') return { text: 'is gone', isHeldUp: false };
  removed += found.removed;
  if (done.length + removed > 0) done.push(`${counted(removed, 'op')} removed`);
  const { floor } = found.verdict;
  const isHeldUp = floor.by === 'damage';
  const isDropped = done.length > 1;
  const why = isDropped && !isHeldUp ? [] : [words(each, floor)];
  return { text: [done.join(', '), ...why].filter((part) => part !== '').join('; '), isHeldUp };
}
