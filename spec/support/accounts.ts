/**
 * Keeps account of every value: nothing that was ever written may be gone unless an op that had seen
 * it wrote over it or deleted its record; else it is in a conflict record. Written from the promise
 * and not from the fold: it has its own idea of what an author had seen.
 */
import {
  canonicalJson,
  conflictKeyOf,
  jsonEquals,
  parsePayload,
  recordKeyOf,
  type Json,
  type Conflict,
  type Fields,
  type Mutation,
  type RecordKey,
  type RecordState,
  type Resolve,
  type SequencedOp,
  type Stamp,
  type Was,
} from '../../core/index.ts';
import { lostFromLists, lostOfLists, stampsOf } from './accounts-of-lists.ts';
import { EMPTY_WORLD, foldOnto, type World } from './world.ts';

/**
 * Folds the log op by op and lists each value that an op lost, and each way a record half came back.
 * `start` is what the ops up to seq `after` became.
 */
export function faultsOf(
  log: readonly SequencedOp[],
  start: World = EMPTY_WORLD,
  after: number = 0,
): string[] {
  const faults: string[] = [];
  let before = start;
  for (const op of log.slice(after)) {
    const world = foldOnto(before, [op]);
    const step = new Step(op, before, world, log);
    faults.push(...step.faults().map((fault) => `at ${op.seq}: ${fault}`));
    before = world;
  }
  return faults;
}

interface Written {
  readonly op: SequencedOp;
  readonly was: readonly Was[];
  readonly mutations: readonly Mutation[];
}

class Step {
  readonly #now: Written;
  readonly #before: World;
  readonly #after: World;
  readonly #log: readonly SequencedOp[];

  constructor(op: SequencedOp, before: World, after: World, log: readonly SequencedOp[]) {
    this.#now = read(op);
    this.#before = before;
    this.#after = after;
    this.#log = log;
  }

  faults(): string[] {
    const touched = new Set(this.#now.mutations.map(recordKeyOf));
    return [
      ...this.#forgottenConflicts(),
      ...[...touched].flatMap((key) => [
        ...this.#lostWords(key),
        ...this.#lostValues(key),
        ...this.#lists(key),
        ...this.#halfBack(key),
      ]),
    ];
  }

  /** No conflict record is changed by what comes later, but that a resolve closes it. */
  #forgottenConflicts(): string[] {
    const named = new Set(this.#resolves().map(({ conflict }) => conflictKeyOf(conflict)));
    return [...this.#before.conflicts].flatMap(([key, conflict]) => {
      const now = this.#after.conflicts.get(key);
      if (!conflict.open || !named.has(key)) {
        return now === conflict ? [] : [`conflict ${key} changed`];
      }
      const { closed, ...rest } = now ?? conflict;
      const isSame = jsonEquals(plain({ ...rest, open: true }), plain(conflict));
      const isClosed = !rest.open && closed?.seq === this.#now.op.seq;
      return isSame && isClosed ? [] : [`conflict ${key} was to be closed, and no more`];
    });
  }

  #resolves(): Resolve[] {
    return this.#now.mutations.filter((part) => part.kind === 'resolve');
  }

  /** What a part says of registers: what is put, by name or by taking it out of a conflict. */
  #wordsOf(part: Mutation): Fields {
    if (part.kind === 'put') return part.fields;
    if (part.kind !== 'resolve' || part.take === 'winner') return NO_FIELDS;
    if (part.take !== 'loser') return part.take;
    return this.#before.conflicts.get(conflictKeyOf(part.conflict))?.loser.values ?? NO_FIELDS;
  }

  /** The op's own last word on each field shows, or is the loser of a conflict of this op. */
  #lostWords(key: RecordKey): string[] {
    const after = this.#after.records.get(key);
    const parts = this.#now.mutations.filter((part) => recordKeyOf(part) === key);
    return parts.flatMap((part, i) => {
      const later = parts.slice(i + 1);
      return [...this.#wordsOf(part)]
        .filter(([field, value]) => {
          const ownWord = later.some(
            (next) => next.kind === 'delete' || this.#wordsOf(next).has(field),
          );
          const shows = !after?.grave && holds(after, field, value);
          return !ownWord && !shows && !this.#isLoser(key, field, value, true);
        })
        .map(([field, value]) => `its own ${field} = ${canonicalJson(value)} is nowhere`);
    });
  }

  /** A value that was there is still there, or was seen, or is the loser of a conflict. */
  #lostValues(key: RecordKey): string[] {
    const before = this.#before.records.get(key);
    const after = this.#after.records.get(key);
    const buried = after?.grave !== undefined && after.grave.seq !== before?.grave?.seq;
    return [...(before?.fields ?? [])]
      .filter(([field, register]) => {
        if (holds(after, field, register.value) && !buried) return false;
        if (this.#isLoser(key, field, register.value, false)) return false;
        return !this.#writers(key).some(
          (one) =>
            this.#hadSeen(one, key, register) ||
            this.#hadSeenEqual(one, key, field, register.value),
        );
      })
      .map(([field, { value }]) => `${field} = ${canonicalJson(value)} is lost`);
  }

  /**
   * Who had the last word on what is gone now: this op, and, once the record is made anew, who
   * deleted it. Until then all that is under the tombstone is there for a restore.
   */
  #writers(key: RecordKey): Written[] {
    const before = this.#before.records.get(key);
    const madeAnew = this.#after.records.get(key)?.born[0]?.seq === this.#now.op.seq;
    return [this.#now, ...(madeAnew ? this.#burier(before) : [])];
  }

  /** The same of what is in sets, counters and journals. */
  #lists(key: RecordKey): string[] {
    const before = this.#before.records.get(key);
    const after = this.#after.records.get(key);
    const { op, mutations } = this.#now;
    const parts = mutations.filter((part) => recordKeyOf(part) === key);
    const told = [...this.#after.conflicts.values()].filter((one) => recordKeyOf(one) === key);
    const step = { before, after, op, parts, told };
    const writers = this.#writers(key);
    const isKnown = (stamp: Stamp) => writers.some((one) => this.#hadSeen(one, key, stamp));
    return [...lostFromLists(step, isKnown), ...lostOfLists(step)];
  }

  /** A living record was made in its present life, and all it shows was written by those who knew. */
  #halfBack(key: RecordKey): string[] {
    const after = this.#after.records.get(key);
    if (!after || after.grave) return [];
    const before = this.#before.records.get(key);
    const dead = !before || before.grave !== undefined;
    const mayMake = !before?.grave || hadSeen(this.#now, before.grave);
    const revived = this.#now.mutations.some(
      (part) =>
        recordKeyOf(part) === key &&
        (part.kind === 'restore'
          ? before !== undefined
          : part.kind === 'resolve'
            ? this.#mayRevive(part, mayMake)
            : part.kind === 'put' && part.isNew && mayMake),
    );
    return [
      ...(dead && !revived ? ['it came back though nobody made or restored it'] : []),
      ...(after.born.length === 0 ? ['it lives though nobody made it'] : []),
      ...stampsOf(after)
        .filter(
          ([, stamp]) =>
            !after.born.some((birth) => this.#hadSeen(this.#writer(stamp), key, birth)),
        )
        .map(([field]) => `${field} is of an earlier life`),
    ];
  }

  /** Only by taking what a deletion had won over, where nobody had decided that before. */
  #mayRevive({ conflict, take }: Resolve, mayMake: boolean): boolean {
    if (conflict.field !== null || take === 'winner') return false;
    const known = this.#before.conflicts.get(conflictKeyOf(conflict));
    if (!known) return take !== 'loser' && mayMake;
    return known.closed === undefined || hadSeen(this.#now, known.closed);
  }

  #isLoser(key: RecordKey, field: string, value: Json, ofThisOp: boolean): boolean {
    const { actor, clock } = this.#now.op;
    return [...this.#after.conflicts.values()].some((conflict) => {
      const mine = conflict.actor === actor && conflict.clock === clock;
      const lost = conflict.loser.values?.get(field);
      const about = recordKeyOf(conflict) === key && (conflict.field ?? field) === field;
      return about && (mine || !ofThisOp) && lost !== undefined && jsonEquals(lost, value);
    });
  }

  /** Of two equal values the fold keeps one: who had seen either had seen the value. */
  #hadSeenEqual(one: Written, key: RecordKey, field: string, value: Json): boolean {
    return this.#log
      .slice(0, this.#now.op.seq)
      .some(
        (op) =>
          this.#hadSeen(one, key, op) &&
          read(op).mutations.some(
            (part) =>
              recordKeyOf(part) === key &&
              this.#wordsOf(part).has(field) &&
              jsonEquals(this.#wordsOf(part).get(field) ?? null, value),
          ),
      );
  }

  /** Who names a conflict had seen how it came about. */
  #hadSeen(one: Written, key: RecordKey, stamp: Stamp): boolean {
    return (
      hadSeen(one, stamp) ||
      one.mutations.some((part) => {
        if (part.kind !== 'resolve' || recordKeyOf(part) !== key) return false;
        const known = this.#before.conflicts.get(conflictKeyOf(part.conflict));
        const sides = [known?.winner.stamp?.seq ?? 0, known?.loser.stamp?.seq ?? 0];
        return stamp.seq <= Math.max(...sides);
      })
    );
  }

  #burier(state: RecordState | undefined): Written[] {
    return state?.grave ? [this.#writer(state.grave)] : [];
  }

  #writer(stamp: Stamp): Written {
    return read(this.#log[stamp.seq - 1] as SequencedOp);
  }
}

const alreadyRead = new WeakMap<SequencedOp, Written>();

function read(op: SequencedOp): Written {
  const known = alreadyRead.get(op);
  if (known) return known;
  const parsed = parsePayload(op.payload, op.v);
  const { was, do: mutations } = parsed.kind === 'known' ? parsed.payload : { was: [], do: [] };
  const written = { op, was, mutations };
  alreadyRead.set(op, written);
  return written;
}

const NO_FIELDS: Fields = new Map();

/** As JSON, with maps as lists of their entries. */
const plain = (conflict: Conflict): Json =>
  JSON.parse(
    JSON.stringify(conflict, (_, value: unknown) => (value instanceof Map ? [...value] : value)),
  ) as Json;

function holds(state: RecordState | undefined, field: string, value: Json): boolean {
  const register = state?.fields.get(field);
  return register !== undefined && jsonEquals(register.value, value);
}

/** The protocol's sentence, once more: at or below the base, its own, or its own before a fork. */
function hadSeen({ op, was }: Written, { seq, actor, clock }: Stamp): boolean {
  if (seq <= op.base || actor === op.actor) return true;
  return was.some((former) => former.actor === actor && clock <= former.clock);
}
