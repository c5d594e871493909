/**
 * What becomes of accepted writes: one promise for each row of the outbox that a write is in, open until
 * its outcome is known.
 * Doesn't know where outcomes come from (a notice, or the answer to a catch-up).
 */
import type { Receipt, RowId, RowOutcome, Seq } from '../../core/index.ts';
import { OffingError } from './errors.ts';

/** A write that the host has accepted. */
export interface Followed {
  readonly receipts: readonly Receipt[];
  /** The seq of its last op, once all its rows are in the log. */
  whenSynced(): Promise<Seq>;
}

type Settled = Extract<RowOutcome, { kind: 'synced' | 'refused' | 'lost' }>;

interface Fate {
  /** Places of its ops in the row. */
  readonly indexes: ReadonlySet<number>;
  readonly seq: Promise<Seq>;
  settle(outcome: Settled): void;
  /** Somebody asked for it: worth asking the host about. */
  isAwaited: boolean;
}

/** Writes that were accepted together may share a row: what is said of one op is said of its write alone. */
const isAbout = (outcome: Settled, { indexes }: Fate): boolean =>
  outcome.kind !== 'refused' || outcome.index === undefined || indexes.has(outcome.index);

export class Fates {
  readonly #open = new Map<RowId, Set<Fate>>();
  readonly #early = new Map<RowId, Settled[]>();
  #repliesDue = 0;

  /** Follows a write from its sending on. */
  async follow(reply: Promise<readonly Receipt[]>): Promise<Followed> {
    this.#repliesDue += 1;
    try {
      const receipts = await reply;
      const fates = this.#fatesOf(receipts);
      const each = receipts.flatMap(({ row }) => fates.get(row) ?? []);
      return { receipts, whenSynced: () => lastSeqOf(each) };
    } finally {
      this.#repliesDue -= 1;
      if (this.#repliesDue === 0) this.#early.clear();
    }
  }

  note(outcomes: readonly RowOutcome[]): void {
    for (const outcome of outcomes) {
      switch (outcome.kind) {
        case 'synced':
        case 'refused':
        case 'lost':
          this.#settle(outcome);
          break;
        // Not known to be in the log, nor to be lost: to settle it either way would be a guess. The
        // host may know again later (a replica that is being rebuilt), so it is asked again.
        case 'unknown':
        case 'pending':
          break;
      }
    }
  }

  /** The rows to ask the host about. */
  awaited(): RowId[] {
    return [...this.#open].flatMap(([row, fates]) =>
      [...fates].some(({ isAwaited }) => isAwaited) ? row : [],
    );
  }

  #settle(outcome: Settled): void {
    const fates = this.#open.get(outcome.row) ?? new Set();
    for (const fate of fates) {
      if (!isAbout(outcome, fate)) continue;
      fate.settle(outcome);
      fates.delete(fate);
    }
    if (fates.size === 0) this.#open.delete(outcome.row);
    // An outcome and the reply that names its row come through two channels, and may cross. The
    // row may also be another page's; nobody asks for it then.
    if (this.#repliesDue === 0) return;
    this.#early.set(outcome.row, [...(this.#early.get(outcome.row) ?? []), outcome]);
  }

  /** A fate for each row that the write is in. */
  #fatesOf(receipts: readonly Receipt[]): ReadonlyMap<RowId, Fate> {
    const indexes = new Map<RowId, Set<number>>();
    for (const { row, index } of receipts)
      indexes.set(row, (indexes.get(row) ?? new Set()).add(index));
    return new Map([...indexes].map(([row, each]) => [row, this.#fateOf(row, each)]));
  }

  #fateOf(row: RowId, indexes: ReadonlySet<number>): Fate {
    const fate = createFate(indexes);
    const early = this.#early.get(row)?.find((outcome) => isAbout(outcome, fate));
    if (early) fate.settle(early);
    else this.#open.set(row, (this.#open.get(row) ?? new Set()).add(fate));
    return fate;
  }
}

async function lastSeqOf(fates: readonly Fate[]): Promise<Seq> {
  for (const fate of fates) fate.isAwaited = true;
  const seqs = await Promise.all(fates.map(({ seq }) => seq));
  const last = seqs.at(-1);
  if (last === undefined) throw new OffingError('bad_request', 'The host accepted nothing.');
  return last;
}

function createFate(indexes: ReadonlySet<number>): Fate {
  const { promise, resolve, reject } = deferred<Seq>();
  // Refusals of writes that nobody waits for are in the status, as set aside.
  promise.catch(() => {});
  return {
    indexes,
    seq: promise,
    isAwaited: false,
    settle(outcome) {
      switch (outcome.kind) {
        case 'synced':
          return resolve(outcome.seq);
        case 'refused':
          return reject(
            new OffingError(outcome.code, 'The server refused the op; it is set aside.'),
          );
        case 'lost':
          return reject(
            new OffingError(
              'storage_gone',
              'The browser lost what was kept here; whether the write had been sent is not known.',
            ),
          );
      }
    },
  };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
