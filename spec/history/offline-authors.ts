/**
 * The history, written by people who are offline for random stretches of it: each writes from the view
 * that they had when they last pulled, and comes back at a random time. On core alone: a log, and for
 * each person a replica.
 */
import {
  recordKeyOf,
  type MutationJson,
  type RecordState,
  type SequencedOp,
} from '../../core/index.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { ModelReplica, ModelServer } from '../support/replicas.ts';
import {
  actsFor,
  BY_ORDER,
  decisionOn,
  mutationOf,
  type Merging,
  type Name,
  type Seen,
} from './acts.ts';
import { readAlong, type ChangeInPlace } from './plain-reading.ts';
import type { Edit, Fields } from './read-history.ts';

export interface OfflineOptions {
  readonly seed: number;
  /** Which the people of the history share. */
  readonly devices: number;
  /** How many edits of the history pass, at most, until one comes back. */
  readonly stretch: number;
  readonly merging?: Merging;
}

export interface Offline {
  readonly log: readonly SequencedOp[];
  readonly replicas: readonly ModelReplica[];
}

/** Conflicts that somebody closes who comes back. */
const MOST_DECIDED = 4;
/** Clocks of devices go wrong by up to a day. */
const MOST_SKEW_MS = 86_400_000;

export function writeOffline(edits: readonly Edit[], options: OfflineOptions): Offline {
  const { seed, devices, stretch, merging = BY_ORDER } = options;
  const random = randomFrom(seed);
  const server = new ModelServer();
  const authors: Author[] = [];
  const authorOf = new Map<string, Author>();

  function author(actor: string): Author {
    const known = authorOf.get(actor);
    if (known) return known;
    const one =
      authors.length < devices
        ? new Author(`h${authors.length}`, server, { random, merging })
        : random.pick(authors);
    if (!authors.includes(one)) authors.push(one);
    authorOf.set(actor, one);
    return one;
  }

  const along = readAlong(edits);
  for (const [i, edit] of edits.entries()) {
    for (const one of authors) if (one.backAt <= i) one.comeBack(i + 1 + random.below(stretch));
    const writer = author(edit.actor);
    if (writer.backAt === 0) writer.comeBack(i + 1 + random.below(stretch));
    writer.carryOut(along[i] ?? [], edit.at);
  }
  for (const _ of ['send', 'hear']) for (const one of authors) one.comeHome();
  return { log: server.log, replicas: authors.map(({ replica }) => replica) };
}

class Author {
  readonly replica: ModelReplica;
  /** The edit of the history at which they come back. */
  backAt = 0;
  readonly #random: Random;
  readonly #merging: Merging;
  readonly #skew: number;
  #now = 0;
  #deleted: Name | undefined;

  constructor(
    name: string,
    server: ModelServer,
    { random, merging }: { readonly random: Random; readonly merging: Merging },
  ) {
    this.replica = new ModelReplica(name, server);
    this.#random = random;
    this.#merging = merging;
    this.#skew = random.below(2 * MOST_SKEW_MS) - MOST_SKEW_MS;
  }

  carryOut(changes: readonly ChangeInPlace[], at: number): void {
    this.#now = at + this.#skew;
    this.#write(changes.flatMap((one) => this.#mutationsFor(one)));
    if (this.#deleted && this.#random.chance(0.1)) this.#undo(this.#deleted);
  }

  /** They send, or the way out fails half; they hear what there is; they look at some conflicts. */
  comeBack(backAt: number): void {
    const { unsent } = this.replica;
    this.backAt = backAt;
    const isCutOff = this.#random.chance(0.2);
    this.replica.send(isCutOff ? this.#random.below(unsent + 1) : unsent);
    if (isCutOff) return;
    this.replica.fetch(Infinity);
    const open = [...this.replica.world.conflicts.values()].filter((conflict) => conflict.open);
    for (let i = 0; i < MOST_DECIDED && open.length > 0; i++) {
      if (this.#random.chance(0.5))
        this.#write([decisionOn(this.#random.pick(open), this.#random)]);
    }
  }

  comeHome(): void {
    this.replica.send(this.replica.unsent);
    this.replica.fetch(Infinity);
  }

  #mutationsFor({ change, before, after }: ChangeInPlace): MutationJson[] {
    const name = { collection: change.collection, id: change.key };
    const seen = seenOf(this.replica.state(recordKeyOf(name)));
    if (change.kind === 'delete' && typeof seen === 'object') this.#deleted = name;
    return actsFor(change, seen, after ?? before ?? {}, this.#random).map((act) =>
      mutationOf(act, name, this.#merging),
    );
  }

  #undo(name: Name): void {
    this.#write([{ kind: 'restore', ...name }]);
    this.#deleted = undefined;
  }

  #write(mutations: readonly MutationJson[]): void {
    this.replica.write(mutations, { behind: 0, at: this.#now });
  }
}

function seenOf(state: RecordState | undefined): Seen {
  if (!state) return 'unknown';
  if (state.grave) return 'deleted';
  return Object.fromEntries([...state.fields].map(([name, { value }]) => [name, value])) as Fields;
}
