/**
 * Keeps account of every value: nothing that was ever put may be gone unless an op that had seen it
 * wrote over it or deleted its record; else it is in a conflict record. Written from the promise and
 * not from the fold: it has its own idea of what an author had seen.
 */
import {
  canonicalJson,
  jsonEquals,
  parsePayload,
  recordKeyOf,
  type Json,
  type Mutation,
  type RecordKey,
  type RecordState,
  type SequencedOp,
  type Stamp,
  type Was,
} from '../../core/index.ts';
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
        ...this.#halfBack(key),
      ]),
    ];
  }

  /** No conflict record is changed by what comes later. */
  #forgottenConflicts(): string[] {
    return [...this.#before.conflicts]
      .filter(([key, conflict]) => this.#after.conflicts.get(key) !== conflict)
      .map(([key]) => `conflict ${key} changed`);
  }

  /** The op's own last word on each field shows, or is the loser of a conflict of this op. */
  #lostWords(key: RecordKey): string[] {
    const after = this.#after.records.get(key);
    const parts = this.#now.mutations.filter((part) => recordKeyOf(part) === key);
    return parts.flatMap((part, i) => {
      if (part.kind !== 'put') return [];
      const later = parts.slice(i + 1);
      return [...part.fields]
        .filter(([field, value]) => {
          const ownWord = later.some((next) => next.kind === 'delete' || writes(next, field));
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
        // Who deleted a record had the last word on what they had seen of it, once it is made anew;
        // until then all that is under the tombstone is there for a restore.
        const madeAnew = after?.born[0]?.seq === this.#now.op.seq;
        const writers = [this.#now, ...(madeAnew ? this.#burier(before) : [])];
        return !writers.some(
          (one) => hadSeen(one, register) || this.#hadSeenEqual(one, key, field, register.value),
        );
      })
      .map(([field, { value }]) => `${field} = ${canonicalJson(value)} is lost`);
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
          : part.kind === 'put' && part.isNew && mayMake),
    );
    return [
      ...(dead && !revived ? ['it came back though nobody made or restored it'] : []),
      ...(after.born.length === 0 ? ['it lives though nobody made it'] : []),
      ...[...after.fields]
        .filter(
          ([, register]) => !after.born.some((birth) => hadSeen(this.#writer(register), birth)),
        )
        .map(([field]) => `${field} is of an earlier life`),
    ];
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
          hadSeen(one, op) &&
          read(op).mutations.some(
            (part) =>
              part.kind === 'put' &&
              recordKeyOf(part) === key &&
              part.fields.has(field) &&
              jsonEquals(part.fields.get(field) ?? null, value),
          ),
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

const writes = (part: Mutation, field: string): boolean =>
  part.kind === 'put' && part.fields.has(field);

function holds(state: RecordState | undefined, field: string, value: Json): boolean {
  const register = state?.fields.get(field);
  return register !== undefined && jsonEquals(register.value, value);
}

/** The protocol's sentence, once more: at or below the base, its own, or its own before a fork. */
function hadSeen({ op, was }: Written, { seq, actor, clock }: Stamp): boolean {
  if (seq <= op.base || actor === op.actor) return true;
  return was.some((former) => former.actor === actor && clock <= former.clock);
}
