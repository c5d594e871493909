/**
 * Building a space's replica anew, where the log goes on without what this device had folded, or has
 * become another one. The whole state is fetched first and adopted in one transaction (adopt.ts), so
 * that the person sees the one and then the other, and never an empty list in between.
 */
import {
  asSeq,
  digestThrough,
  EMPTY_DIGEST,
  fold,
  type ActorId,
  type Clock,
  type Conflict,
  type ConflictKey,
  type Epoch,
  type Malformed,
  type Outcome,
  type RecordKey,
  type RecordState,
  type Remedy,
  type Seq,
  type SequencedOp,
  type Snapshot,
  type SpaceAnswer,
} from '../../core/index.ts';
import { isOfVersion } from './exchange-notes.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';

/** A replica to build anew, as it was when that was decided. */
export interface Rebuilding {
  readonly row: SpaceRow;
  readonly remedy: Extract<Remedy, { kind: 'other-history' | 'bootstrap' | 'make-again' }>;
}

export const rebuildingOf = (row: SpaceRow, remedy: Rebuilding['remedy']): Rebuilding => ({
  row,
  remedy,
});

/** A space's state at a seq of its log. */
export interface State {
  readonly epoch: Epoch | undefined;
  readonly seq: Seq;
  readonly digest: string;
  readonly head: Seq;
  readonly access: 'read' | 'write';
  readonly actors: ReadonlyMap<ActorId, Clock>;
  /** The same as far as a snapshot tells it; what the log has behind that is in `ops`. */
  readonly snapshotted: ReadonlyMap<ActorId, Clock>;
  readonly ops: readonly SequencedOp[];
  readonly records: ReadonlyMap<RecordKey, RecordState>;
  readonly conflicts: ReadonlyMap<ConflictKey, Conflict>;
  readonly malformed: readonly Malformed[];
}

/** Of a log that nobody has any more. */
export const EMPTY_STATE: State = {
  epoch: undefined,
  seq: asSeq(0),
  digest: EMPTY_DIGEST,
  head: asSeq(0),
  access: 'write',
  actors: new Map(),
  snapshotted: new Map(),
  ops: [],
  records: new Map(),
  conflicts: new Map(),
  malformed: [],
};

/** What came back instead of a state: a failure of the exchange, or an error about this space alone. */
export type Fetched =
  | { readonly ok: true; readonly state: State }
  | { readonly ok: false; readonly failure: Extract<Outcome<never>, { ok: false }>['failure'] }
  | { readonly ok: false; readonly failure: null; readonly updateNeeded?: true };

/** The newest snapshot, and what the log has behind it, folded in memory. Records nothing anywhere. */
export async function fetchState(
  { transport, sha256 }: Ports,
  connection: Connection,
  { space, actor }: SpaceRow,
): Promise<Fetched> {
  const snapshot = await transport.bootstrap(connection, space);
  if (!snapshot.ok) {
    const { failure } = snapshot;
    // What is here stays, and the other spaces go on.
    if (isOfVersion(failure)) return { ok: false, failure: null, updateNeeded: true };
    // Of this space alone: it says nothing of the others.
    return { ok: false, failure: failure.kind === 'refused' ? null : failure };
  }
  const growing = new GrowingState(snapshot.value);
  for (;;) {
    const { epoch, seq } = growing;
    // Without the digest: it would say that all of this is durably folded.
    const request = { spaces: { [space]: { actor, since: seq, epoch } } };
    const answer = await transport.push(connection, request);
    if (!answer.ok) return answer;
    const part = answer.value.spaces[space];
    if (!part || 'error' in part) return { ok: false, failure: null };
    if (!growing.add(part, (ops) => digestThrough(growing.digest, ops, sha256))) {
      return { ok: false, failure: null };
    }
    if (!part.more || growing.isStopped) return { ok: true, state: growing.state(part) };
  }
}

class GrowingState {
  readonly epoch: Epoch;
  seq: Seq;
  digest: string;
  isStopped = false;
  readonly #actors: Map<ActorId, Clock>;
  readonly #snapshotted: ReadonlyMap<ActorId, Clock>;
  readonly #ops: SequencedOp[] = [];
  readonly #records: Map<RecordKey, RecordState>;
  readonly #conflicts: Map<ConflictKey, Conflict>;
  readonly #malformed: Malformed[];

  constructor({ header, actors, records, conflicts, malformed }: Snapshot) {
    this.epoch = header.epoch;
    this.seq = header.seq;
    this.digest = header.digest;
    this.#actors = new Map(actors);
    this.#snapshotted = new Map(actors);
    this.#records = new Map(records);
    this.#conflicts = new Map(conflicts);
    this.#malformed = [...malformed];
  }

  /** Folds a page of the log; false if it does not follow on what is here. */
  add(page: SpaceAnswer, digestOf: (ops: readonly SequencedOp[]) => string): boolean {
    const ops = page.ops.flatMap(wholeOp);
    const follows = ops.every(({ seq }, i) => seq === this.seq + i + 1);
    if (page.epoch !== this.epoch || ops.length < page.ops.length || !follows) return false;
    if (ops.length > 0 && digestOf(ops) !== page.digest) return false;
    const folded = fold(
      {
        get: (key) => this.#records.get(key),
        conflict: (key) => this.#conflicts.get(key),
      },
      ops,
    );
    const done = ops.slice(0, folded.count);
    this.digest = digestOf(done);
    this.seq = asSeq(this.seq + folded.count);
    this.isStopped = folded.stopped !== undefined;
    for (const [key, record] of folded.records) this.#records.set(key, record);
    for (const [key, conflict] of folded.conflicts) this.#conflicts.set(key, conflict);
    this.#malformed.push(...folded.malformed);
    for (const { actor, clock } of done) this.#actors.set(actor, clock);
    this.#ops.push(...done);
    return true;
  }

  state({ head, access }: SpaceAnswer): State {
    const { epoch, seq, digest } = this;
    const [actors, records, conflicts] = [this.#actors, this.#records, this.#conflicts];
    return {
      epoch,
      seq,
      digest,
      head,
      access,
      actors,
      snapshotted: this.#snapshotted,
      ops: this.#ops,
      records,
      conflicts,
      malformed: this.#malformed,
    };
  }
}

function wholeOp({ base, payload, ...op }: SpaceAnswer['ops'][number]): SequencedOp[] {
  return base === undefined || payload === undefined
    ? []
    : [{ ...op, base, payload } as SequencedOp];
}
