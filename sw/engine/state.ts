/** A space's state as a server has it, fetched whole. */
import {
  asSeq,
  EMPTY_DIGEST,
  type ActorId,
  type Clock,
  type Conflict,
  type ConflictKey,
  type Epoch,
  type Malformed,
  type Outcome,
  type RecordKey,
  type RecordState,
  type Seq,
  type SequencedOp,
} from '../../core/index.ts';

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
  /** The last seq that it has in common with what was folded here. */
  readonly common: Seq;
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
  common: asSeq(0),
  records: new Map(),
  conflicts: new Map(),
  malformed: [],
};

/** What came back instead of a state: a failure of the exchange, or an error about this space alone. */
export type Fetched =
  | { readonly ok: true; readonly state: State }
  | { readonly ok: false; readonly failure: Extract<Outcome<never>, { ok: false }>['failure'] }
  | { readonly ok: false; readonly failure: null; readonly updateNeeded?: true };
