/** A space's state while it is fetched: a snapshot and what the log has behind it, folded in memory. */
import {
  asClock,
  digestThrough,
  WholeState,
  type ActorId,
  type AnsweredOp,
  type Clock,
  type Epoch,
  type Seq,
  type SequencedOp,
  type Sha256,
  type Snapshot,
  type SpaceAnswer,
  type Step,
  type Trail,
} from '../../core/index.ts';
import type { State } from './state.ts';

/** Ops that an answer names without repeating them, by actor and clock. */
export type Named = ReadonlyMap<string, Omit<SequencedOp, 'seq'>>;

export class GrowingState {
  readonly epoch: Epoch;
  /** Its digests at the seqs of a trail, as far as they are known; `OTHER` where it has not the trail's. */
  readonly digests = new Map<Seq, string>();
  /** How far each actor's clocks go below `ops`. */
  readonly snapshotted: Map<ActorId, Clock>;
  readonly snapshotSeq: Seq;
  readonly ops: SequencedOp[] = [];
  /** Where its log begins, as the server said last. */
  horizon: Seq;
  digest: string;
  isStopped = false;
  access: 'read' | 'write' = 'write';
  #head: Seq;
  readonly #sha256: Sha256;
  readonly #trail: Trail;
  readonly #whole: WholeState;

  constructor(
    snapshot: Snapshot,
    { sha256, trail }: { readonly sha256: Sha256; readonly trail: Trail },
  ) {
    const { header, actors } = snapshot;
    this.epoch = header.epoch;
    this.digest = header.digest;
    this.snapshotted = new Map(actors);
    this.#head = header.seq;
    this.snapshotSeq = header.seq;
    this.horizon = header.horizon;
    this.#sha256 = sha256;
    this.#trail = trail;
    this.#whole = new WholeState(snapshot);
    this.digests.set(header.seq, header.digest);
  }

  get seq(): Seq {
    return this.#whole.seq;
  }

  lastOf(actor: ActorId): Clock {
    return this.#whole.actors.get(actor) ?? asClock(0);
  }

  /** Folds a page of the log; false if it does not follow on what is here. */
  add(page: SpaceAnswer, named: Named = new Map()): boolean {
    const ops = page.ops.flatMap((op) => wholeOp(op, named));
    const follows = ops.every(({ seq }, i) => seq === this.seq + i + 1);
    if (page.epoch !== this.epoch || ops.length < page.ops.length || !follows) return false;
    const from = this.seq;
    if (ops.length > 0 && this.#digestAfter(ops, from) !== page.digest) return false;
    const { count, stopped } = this.#whole.fold(ops);
    const done = ops.slice(0, count);
    this.digest = stopped ? this.#digestAfter(done, from) : page.digest;
    this.isStopped = stopped !== undefined;
    this.access = page.access;
    this.#head = page.head;
    this.horizon = page.horizon;
    for (const op of done) this.ops.push(op);
    return true;
  }

  /** Takes the ops that the log still has below the snapshot. */
  lookBack(older: readonly SequencedOp[]): void {
    const from = this.snapshotSeq - older.length;
    // A log that does not lead to its own snapshot says nothing.
    if (!older.every(({ seq }, i) => seq === from + i + 1)) return;
    const end = this.digests.get(this.snapshotSeq);
    const leads = ({ seq, digest }: Step): boolean =>
      digestThrough(digest, older.slice(seq - from), this.#sha256) === end;
    const steps = this.#trail.filter(({ seq }) => seq >= from && seq <= this.snapshotSeq);
    // Who has the log at one step has it at all before.
    const common = countWhile(steps, leads);
    for (const [i, { seq, digest }] of steps.entries())
      this.digests.set(seq, i < common ? digest : OTHER);
    // The clocks of an actor only rise.
    for (const { actor, clock } of older.toReversed())
      this.snapshotted.set(actor, asClock(clock - 1));
    // One by one: a log may have more ops than a call takes arguments.
    const later = this.ops.splice(0);
    for (const op of [...older, ...later]) this.ops.push(op);
  }

  /** The chain behind these ops, which follow on `start` and the digest here. Keeps those on the trail. */
  #digestAfter(ops: readonly SequencedOp[], start: Seq): string {
    const end = start + ops.length;
    let { digest } = this;
    let seq: number = start;
    const through = (to: number): void => {
      digest = digestThrough(digest, ops.slice(seq - start, to - start), this.#sha256);
      seq = to;
    };
    for (const step of this.#trail) {
      if (step.seq <= seq || step.seq > end) continue;
      through(step.seq);
      this.digests.set(step.seq, digest);
    }
    through(end);
    return digest;
  }

  state(common: Seq): State {
    const { epoch, seq, digest, access, snapshotted, ops } = this;
    const { actors, records, conflicts, malformed } = this.#whole;
    return {
      epoch,
      seq,
      digest,
      access,
      snapshotted,
      ops,
      common,
      head: this.#head,
      actors,
      records,
      conflicts,
      malformed,
    };
  }
}

/** In the place of a digest: whatever it is, it is none of the trail's. */
const OTHER = '';

/** How many of these hold, where none does behind one that does not. */
function countWhile<T>(all: readonly T[], holds: (one: T) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(all[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function wholeOp({ base, payload, ...op }: AnsweredOp, named: Named): SequencedOp[] {
  if (base !== undefined && payload !== undefined) return [{ ...op, base, payload } as SequencedOp];
  const known = named.get(`${op.actor} ${op.clock}`);
  // Its time is the server's word: it may have been set back.
  return known ? [{ ...known, seq: op.seq, at: op.at }] : [];
}
