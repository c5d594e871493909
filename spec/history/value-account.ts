/**
 * Keeps account of every value that was ever written, from the raw log alone: whose op it was, what
 * its author had seen, what it says. It knows nothing of how the fold works, reads payloads by itself
 * and has its own idea of having seen, so that a mistake of the fold is not repeated here.
 *
 * A value is accounted for if it is current, if an op that had seen it wrote over it or deleted its
 * record, or if it is the loser of a conflict.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Conflict, Json, RecordState, SequencedOp } from '../../core/index.ts';

interface Payload {
  readonly do: readonly Part[];
  readonly was?: readonly { readonly actor: string; readonly clock: number }[];
}

/** A record. */
export interface Name {
  readonly collection: string;
  readonly id: string;
}
type Values = Readonly<Record<string, Json>>;
type Part =
  | (Name & { readonly kind: 'put'; readonly new?: true; readonly fields: Values })
  | (Name & { readonly kind: 'delete' | 'restore' })
  | Resolve;

interface Resolve {
  readonly kind: 'resolve';
  readonly conflict: Name & { readonly field: string | null };
  readonly take: 'winner' | 'loser' | { readonly value: Json };
}

/** One part of an op, as something that was said of a record. */
interface Said {
  readonly op: SequencedOp;
  readonly was: NonNullable<Payload['was']>;
  /** Its place among all that was ever said. */
  readonly place: number;
  readonly part: Part;
}

/** What a record has become by now: its state, and all conflicts about it. */
export interface Become {
  readonly state: RecordState | undefined;
  readonly conflicts: readonly Conflict[];
}

export class ValueAccount {
  readonly #said = new Map<string, Said[]>();
  #places = 0;
  #values = 0;

  /** How many values were written. */
  get values(): number {
    return this.#values;
  }

  /** The records that anything was said of. */
  records = (): Name[] =>
    [...this.#said.values()].flatMap(([first]) => (first ? [nameOf(first.part)] : []));

  /** Enters the next op of the log; returns the records that it names. */
  enter(op: SequencedOp): Name[] {
    const { do: parts, was = [] } = JSON.parse(op.payload) as Payload;
    const named = new Map<string, Name>();
    for (const part of parts) {
      const name = nameOf(part);
      this.#said.set(textOf(name), [...this.#of(name), { op, was, place: this.#places++, part }]);
      named.set(textOf(name), name);
      this.#values += valuesOf(part).length;
    }
    return [...named.values()];
  }

  /** What is wrong with what a record has become: values that are nowhere, conflicts that are none. */
  faults(name: Name, become: Become): string[] {
    return [...this.#missing(name, become), ...this.#invented(name, become)];
  }

  #of = (name: Name): readonly Said[] => this.#said.get(textOf(name)) ?? [];

  #missing(name: Name, become: Become): string[] {
    const all = this.#of(name);
    return all.flatMap((said) =>
      valuesOf(said.part)
        .filter(
          ([field, value]) =>
            !isCurrent(become, field, value) &&
            !isLoser(become, field, value) &&
            !all.some((later) => isOver(later, { all, said, field, value }, become)),
        )
        .map(
          ([field, value]) =>
            `${name.id}: ${field} = ${JSON.stringify(value)}, written at ${said.op.seq}, is nowhere`,
        ),
    );
  }

  /** Conflicts whose op had seen what it is said to have met unseen. */
  #invented(name: Name, { conflicts }: Become): string[] {
    const all = this.#of(name);
    return conflicts
      .filter(({ kind }) => kind === 'edit-edit' || kind === 'delete-edit')
      .filter(({ actor, clock, winner, loser }) => {
        const said = all.find(({ op }) => op.actor === actor && op.clock === clock);
        const other = [winner, loser].find(({ stamp }) => stamp?.seq !== said?.op.seq);
        return !said || !other?.stamp || hasSeen(said, other.stamp);
      })
      .map(({ kind, field, clock }) => `${name.id}: no ${kind} of ${field ?? 'all'} at ${clock}`);
  }
}

const nameOf = (part: Part): Name => (part.kind === 'resolve' ? part.conflict : part);

const textOf = ({ collection, id }: Name): string => `${collection}/${id}`;

/** What was typed: taking a side says nothing new. */
function valuesOf(part: Part): [string, Json][] {
  if (part.kind === 'put') return Object.entries(part.fields);
  if (part.kind !== 'resolve' || typeof part.take === 'string') return [];
  const { value } = part.take;
  return part.conflict.field === null
    ? Object.entries(value as Values)
    : [[part.conflict.field, value]];
}

const isCurrent = ({ state }: Become, field: string, value: Json): boolean =>
  state !== undefined &&
  state.grave === undefined &&
  isDeepStrictEqual(state.fields.get(field)?.value, value);

const isLoser = ({ conflicts }: Become, field: string, value: Json): boolean =>
  conflicts.some(({ loser }) => isDeepStrictEqual(loser.values?.get(field), value));

interface Word {
  /** All that was ever said of the record. */
  readonly all: readonly Said[];
  readonly said: Said;
  readonly field: string;
  readonly value: Json;
}

/** Whether `later` knew the value, and wrote over it or deleted its record for good. */
function isOver(later: Said, word: Word, become: Become): boolean {
  if (later.place <= word.said.place) return false;
  if (!writesOver(later, word, become)) return false;
  return knows(later, word, become);
}

function writesOver(later: Said, { all, field }: Word, become: Become): boolean {
  const { part } = later;
  switch (part.kind) {
    case 'put':
      return Object.hasOwn(part.fields, field);
    case 'delete':
      return !isLifted(later, all, become);
    case 'restore':
      return false;
    case 'resolve':
      return part.take === 'loser'
        ? (namedBy(part, become)?.loser.values?.has(field) ?? false)
        : valuesOf(part).some(([name]) => name === field);
  }
}

/** A deletion that was taken back; what is under the tombstone is gone once the record is made anew. */
function isLifted(deletion: Said, all: readonly Said[], become: Become): boolean {
  const end = all.find(
    (said) =>
      said.place > deletion.place &&
      ((said.part.kind === 'put' && said.part.new && hasSeen(said, deletion.op)) ||
        lifts(said, become)),
  );
  return end !== undefined && end.part.kind !== 'put';
}

function lifts(said: Said, become: Become): boolean {
  const { part, op } = said;
  if (part.kind === 'restore') return true;
  if (part.kind !== 'resolve' || part.take === 'winner') return false;
  const conflict = namedBy(part, become);
  return conflict?.field === null && conflict.closed?.seq === op.seq;
}

/** It had seen the value, where it stood or where somebody else had written the same. */
function knows(later: Said, { all, said, field, value }: Word, become: Become): boolean {
  return all.some(
    (one) =>
      one.place < later.place &&
      (one === said ||
        valuesOf(one.part).some(
          ([name, same]) => name === field && isDeepStrictEqual(same, value),
        )) &&
      (hasSeen(later, one.op) || one.op.seq <= seenByResolving(later.part, become)),
  );
}

/** The sentence of the protocol: at or below its base, its own, or its own before a fork. */
const hasSeen = (
  { op, was }: Said,
  other: { readonly seq: number; readonly actor: string; readonly clock: number },
): boolean =>
  other.seq <= op.base ||
  other.actor === op.actor ||
  was.some(({ actor, clock }) => actor === other.actor && other.clock <= clock);

/** Who resolves a conflict has seen how it came about. */
function seenByResolving(part: Part, become: Become): number {
  const conflict = part.kind === 'resolve' ? namedBy(part, become) : undefined;
  return Math.max(conflict?.winner.stamp?.seq ?? 0, conflict?.loser.stamp?.seq ?? 0);
}

const namedBy = (part: Resolve, { conflicts }: Become): Conflict | undefined =>
  conflicts.find((conflict) =>
    Object.entries(part.conflict).every(
      ([member, value]) => conflict[member as keyof Conflict] === value,
    ),
  );
