/** `offing history SPACE COLLECTION ID`: who changed what of one record, and when, by the log. */
import { isSpaceId, mutationsOf } from '../../core/index.ts';
import type { SequencedOp, SpaceId } from '../../core/index.ts';
import { UsageError } from '../config.ts';
import { openReading } from '../store/sqlite.ts';
import type { Reading } from '../store/sqlite.ts';
import { existingData } from './data.ts';
import { readOptions } from './options.ts';

export async function history(args: readonly string[]): Promise<void> {
  const options = { data: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = readOptions(args, options, ['SPACE', 'COLLECTION', 'ID']);
  const [space = '', collection = '', id = ''] = positionals;
  if (!isSpaceId(space)) throw new UsageError(`SPACE: "${space}" is not a UUIDv7`);
  const reading = openReading(existingData(values.data));
  try {
    let count = 0;
    for await (const change of changesOf(reading, { space, collection, id })) {
      count += 1;
      console.log(values.json ? JSON.stringify(change) : lineOf(change));
    }
    if (count === 0) console.error(`The log has nothing of "${id}" in "${collection}".`);
  } finally {
    reading.close();
  }
}

/** What one op did to the record. */
interface Change {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** The account's name. */
  readonly by: string | undefined;
  readonly actor: string;
  readonly clock: number;
  /** The seq of what its author had on screen. */
  readonly base: number;
  /** Mutations as they stand in the payload. */
  readonly did: readonly object[];
}

interface Named {
  readonly space: SpaceId;
  readonly collection: string;
  readonly id: string;
}

const PAGE = 1000;

async function* changesOf(
  { source, directory }: Reading,
  { space, ...record }: Named,
): AsyncGenerator<Change, void> {
  const found = await source.space(space);
  if (!found) throw new UsageError(`there is no space ${space}`);
  if (found.horizon > 0) {
    console.error(`What the log had up to ${found.horizon} is not kept any more.`);
  }
  for (let seq = found.horizon; seq < found.head;) {
    const { ops } = await source.page(space, seq, PAGE);
    for (const op of ops) {
      const { clock, base, actor } = op;
      const [at, by] = [new Date(op.at).toISOString(), directory.nameOf(space, actor)];
      const did = mutationsIn(op, record);
      if (did.length > 0) yield { seq: op.seq, at, by, actor, clock, base, did };
      seq = op.seq;
    }
    if (ops.length === 0) return;
  }
}

/** Those about the record, as their author's device wrote them. */
function mutationsIn(op: SequencedOp, { collection, id }: Omit<Named, 'space'>): object[] {
  const known = mutationsOf(op);
  const isAbout = known.map((each) => each.collection === collection && each.id === id);
  if (!isAbout.includes(true)) return [];
  return (JSON.parse(op.payload) as { do: object[] }).do.filter((_, i) => isAbout[i]);
}

const lineOf = ({ seq, at, by, actor, did }: Change): string =>
  [seq, at, by ?? actor, did.map((each) => JSON.stringify(each)).join(' ')].join('  ');
