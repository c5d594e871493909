/**
 * What a log amounts to, worked out in the plainest way and without a line of the fold: the yardstick
 * for what a fold shows. A record is followed until something happens to it that is beyond a plain
 * reading (a restore, a resolve), and from then on left to the other oracles.
 */
import {
  canonicalJson,
  parsePayload,
  recordKeyOf,
  visibleFields,
  type Json,
  type Mutation,
  type RecordKey,
  type RecordState,
  type SequencedOp,
  type Was,
} from '../../core/index.ts';

interface Mark {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly clock: number;
}
interface Valued extends Mark {
  readonly value: Json;
}

interface Author extends Mark {
  readonly base: number;
  readonly was: readonly Was[];
}

interface PlainRecord {
  born: Mark[];
  deleted?: Mark;
  /** Something happened that is not read here. */
  isBeyond: boolean;
  /** Something met it unseen, in this life or an earlier one: it may have an open conflict. */
  isContested?: true;
  readonly registers: Map<string, Valued>;
  readonly sets: Map<string, Valued[]>;
  readonly counters: Map<string, number>;
  readonly journals: Map<string, Json[]>;
}

/** What the fold shows of some record and a plain reading does not, or the other way round. */
export function unlikePlain(
  log: readonly SequencedOp[],
  records: ReadonlyMap<RecordKey, RecordState>,
): string | undefined {
  for (const [key, plain] of readPlainly(log)) {
    if (plain.isBeyond) continue;
    const shown = visibleFields(records.get(key));
    const isThere = plain.born.length > 0 && plain.deleted === undefined;
    if (isThere !== (shown !== undefined)) {
      return `${key} is ${isThere ? 'there and not shown' : 'deleted, or was never made, and shown'}`;
    }
    for (const [field, value] of isThere ? fieldsOf(plain) : NO_FIELDS) {
      const found = shown?.get(field);
      if (found === undefined || canonicalJson(found) !== canonicalJson(value))
        return `${key}: ${field} is ${canonicalJson(value)} and ${JSON.stringify(found)} is shown`;
    }
  }
  return undefined;
}

/** Where a name has values of several kinds, that of the first of them is shown. */
function fieldsOf({ registers, sets, counters, journals }: PlainRecord): Map<string, Json> {
  const filled = [...sets].filter(([, tags]) => tags.length > 0);
  return new Map<string, Json>([
    ...journals,
    ...counters,
    ...filled.map(([field, tags]): [string, Json] => [field, elementsOf(tags)]),
    ...[...registers].map(([field, { value }]): [string, Json] => [field, value]),
  ]);
}

const elementsOf = (tags: readonly Valued[]): Json[] => {
  const elements = new Map(tags.map(({ value }) => [canonicalJson(value), value]));
  return [...elements.values()];
};

export function readPlainly(log: readonly SequencedOp[]): Map<RecordKey, PlainRecord> {
  const records = new Map<RecordKey, PlainRecord>();
  for (const op of log) {
    const parsed = parsePayload(op.payload, op.v);
    if (parsed.kind === 'drop') dropFrom(records, parsed.through);
    if (parsed.kind !== 'known') continue;
    const author: Author = { ...op, was: parsed.payload.was };
    for (const mutation of parsed.payload.do) {
      const key = recordKeyOf(mutation);
      records.set(key, after(records.get(key) ?? unborn(), mutation, author));
    }
  }
  return records;
}

/** A deletion goes with all that is under it, but where a conflict about it may be open. */
function dropFrom(records: Map<RecordKey, PlainRecord>, through: number): void {
  for (const [key, { deleted, isBeyond, isContested }] of records) {
    if (deleted === undefined || deleted.seq > through) continue;
    records.set(key, { ...unborn(), isBeyond: isBeyond || isContested === true });
  }
}

const NO_FIELDS = new Map<string, Json>();

const unborn = (): PlainRecord => ({
  born: [],
  isBeyond: false,
  registers: new Map(),
  sets: new Map(),
  counters: new Map(),
  journals: new Map(),
});

const hadSeen = ({ base, actor, was }: Author, mark: Mark): boolean =>
  mark.seq <= base ||
  mark.actor === actor ||
  was.some((self) => self.actor === mark.actor && mark.clock <= self.clock);

/** Who wrote what is there; of counters and journals that is not kept, so that any may be anyone's. */
const marksOf = ({ born, registers, sets, counters, journals }: PlainRecord): Mark[] => [
  ...born,
  ...registers.values(),
  ...[...sets.values()].flat(),
  ...(counters.size + journals.size > 0 ? [ANYONE] : []),
];
const ANYONE: Mark = { seq: Infinity, at: 0, actor: '', clock: Infinity };

/** `record` is changed in place. */
function after(record: PlainRecord, mutation: Mutation, author: Author): PlainRecord {
  switch (mutation.kind) {
    case 'restore':
    case 'resolve':
      return { ...record, isBeyond: true };
    case 'delete':
      if (marksOf(record).some((mark) => !hadSeen(author, mark))) record.isContested = true;
      record.deleted ??= author;
      return record;
    case 'put': {
      if (!mutation.isNew) break;
      // Who makes again what they knew to be deleted begins anew.
      const isNewLife = record.deleted !== undefined && hadSeen(author, record.deleted);
      if (record.deleted !== undefined && !isNewLife) record.isContested = true;
      const { isBeyond, isContested } = record;
      const living = isNewLife
        ? { ...unborn(), isBeyond, ...(isContested && { isContested }) }
        : record;
      living.born.push(author);
      if (living.deleted === undefined) write(living, mutation, author);
      return living;
    }
    default:
  }
  const isKnown = record.born.some((mark) => hadSeen(author, mark));
  if (record.deleted !== undefined || !isKnown) record.isContested = true;
  if (isKnown && record.deleted === undefined) write(record, mutation, author);
  return record;
}

type Written = Exclude<Mutation, { readonly kind: 'delete' | 'restore' | 'resolve' }>;

function write(record: PlainRecord, edit: Written, author: Author) {
  const { registers, sets, counters, journals } = record;
  switch (edit.kind) {
    case 'put':
      for (const [field, value] of edit.fields) {
        const old = registers.get(field);
        if (old && !hadSeen(author, old)) record.isContested = true;
        if (old && !wins(author, old, { value, isLatest: edit.latest.has(field) })) continue;
        registers.set(field, { ...author, value });
      }
      break;
    case 'add':
    case 'remove': {
      const meant = new Map(edit.values.map((value) => [canonicalJson(value), value]));
      const left = (sets.get(edit.field) ?? []).filter(
        (tag) => !meant.has(canonicalJson(tag.value)) || !hadSeen(author, tag),
      );
      const added = edit.kind === 'add' ? [...meant.values()] : [];
      sets.set(edit.field, [...left, ...added.map((value) => ({ ...author, value }))]);
      break;
    }
    case 'increment':
      counters.set(edit.field, (counters.get(edit.field) ?? 0) + edit.by);
      break;
    case 'append':
      journals.set(edit.field, [...(journals.get(edit.field) ?? []), edit.entry]);
      break;
  }
}

/** Who had seen the other's value writes over it; else the later in the log, or, as the op says, in time. */
function wins(
  author: Author,
  old: Valued,
  { value, isLatest }: { readonly value: Json; readonly isLatest: boolean },
): boolean {
  if (hadSeen(author, old)) return true;
  if (canonicalJson(old.value) === canonicalJson(value)) return isLatest && author.at > old.at;
  return !isLatest || author.at >= old.at;
}
