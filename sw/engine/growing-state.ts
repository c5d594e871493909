/** A space's state while it is fetched: a snapshot and what the log has behind it, folded in memory. */
import {
  asClock,
  asSeq,
  digestThrough,
  fold,
  type ActorId,
  type AnsweredOp,
  type Clock,
  type Conflict,
  type ConflictKey,
  type Epoch,
  type Malformed,
  type RecordKey,
  type RecordState,
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
  seq: Seq;
  digest: string;
  isStopped = false;
  access: 'read' | 'write' = 'write';
  #head: Seq;
  readonly #sha256: Sha256;
  readonly #trail: Trail;
  readonly #actors: Map<ActorId, Clock>;
  readonly #records: Map<RecordKey, RecordState>;
  readonly #conflicts: Map<ConflictKey, Conflict>;
  readonly #malformed: Malformed[];

  constructor(
    { header, actors, records, conflicts, malformed }: Snapshot,
    { sha256, trail }: { readonly sha256: Sha256; readonly trail: Trail },
  ) {
    this.epoch = header.epoch;
    this.seq = header.seq;
    this.digest = header.digest;
    this.snapshotted = new Map(actors);
    this.#head = header.seq;
    this.#sha256 = sha256;
    this.#trail = trail;
    this.#actors = new Map(actors);
    this.#records = new Map(records);
    this.#conflicts = new Map(conflicts);
    this.#malformed = [...malformed];
    this.digests.set(header.seq, header.digest);
  }

  lastOf(actor: ActorId): Clock {
    return this.#actors.get(actor) ?? asClock(0);
  }

  /** Folds a page of the log; false if it does not follow on what is here. */
  add(page: SpaceAnswer, named: Named = new Map()): boolean {
    const ops = page.ops.flatMap((op) => wholeOp(op, named));
    const follows = ops.every(({ seq }, i) => seq === this.seq + i + 1);
    if (page.epoch !== this.epoch || ops.length < page.ops.length || !follows) return false;
    if (ops.length > 0 && this.#digestAfter(ops) !== page.digest) return false;
    const folded = fold(
      {
        get: (key) => this.#records.get(key),
        conflict: (key) => this.#conflicts.get(key),
      },
      ops,
    );
    const done = ops.slice(0, folded.count);
    this.digest = folded.stopped ? this.#digestAfter(done) : page.digest;
    this.seq = asSeq(this.seq + folded.count);
    this.isStopped = folded.stopped !== undefined;
    this.access = page.access;
    this.#head = page.head;
    for (const [key, record] of folded.records) this.#records.set(key, record);
    for (const [key, conflict] of folded.conflicts) this.#conflicts.set(key, conflict);
    this.#malformed.push(...folded.malformed);
    for (const { actor, clock } of done) this.#actors.set(actor, clock);
    for (const op of done) this.ops.push(op);
    return true;
  }

  /** The chain behind these ops, which follow on what is here. Keeps those on the trail. */
  #digestAfter(ops: readonly SequencedOp[]): string {
    const end = this.seq + ops.length;
    let { seq, digest }: { seq: number; digest: string } = this;
    const through = (to: number): void => {
      const from = seq - this.seq;
      digest = digestThrough(digest, ops.slice(from, to - this.seq), this.#sha256);
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
    return {
      epoch,
      seq,
      digest,
      access,
      snapshotted,
      ops,
      common,
      head: this.#head,
      actors: this.#actors,
      records: this.#records,
      conflicts: this.#conflicts,
      malformed: this.#malformed,
    };
  }
}

function wholeOp({ base, payload, ...op }: AnsweredOp, named: Named): SequencedOp[] {
  if (base !== undefined && payload !== undefined) return [{ ...op, base, payload } as SequencedOp];
  const known = named.get(`${op.actor} ${op.clock}`);
  // Its time is the server's word: it may have been set back.
  return known ? [{ ...known, seq: op.seq, at: op.at }] : [];
}
