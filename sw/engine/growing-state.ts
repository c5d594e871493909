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
  type Trail,
} from '../../core/index.ts';
import type { State } from './state.ts';

/** Ops that an answer names without repeating them, by actor and clock. */
export type Named = ReadonlyMap<string, Omit<SequencedOp, 'seq'>>;

export class GrowingState {
  readonly epoch: Epoch;
  /** Its digests at the seqs of a trail, as far as it goes through them. */
  readonly digests = new Map<Seq, string>();
  readonly snapshotted: ReadonlyMap<ActorId, Clock>;
  readonly ops: SequencedOp[] = [];
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
    for (const op of done) this.ops.push(op);
    return true;
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

function wholeOp({ base, payload, ...op }: AnsweredOp, named: Named): SequencedOp[] {
  if (base !== undefined && payload !== undefined) return [{ ...op, base, payload } as SequencedOp];
  const known = named.get(`${op.actor} ${op.clock}`);
  // Its time is the server's word: it may have been set back.
  return known ? [{ ...known, seq: op.seq, at: op.at }] : [];
}
