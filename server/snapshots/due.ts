/** When a space is worth a new snapshot. Pure. */

export interface SnapshotRules {
  /** Ops since the last one that make the next due; 0 makes none. */
  readonly every: number;
  /** Fewer are quickly replayed, however long they are. */
  readonly atLeast: number;
}

export const DEFAULT_SNAPSHOT_RULES: SnapshotRules = { every: 1000, atLeast: 100 };

/** How many ops behind the last snapshot the question is worth asking. */
export const leastTail = ({ every, atLeast }: SnapshotRules): number =>
  every === 0 ? Infinity : Math.min(every, atLeast);

export interface Tail {
  /** Behind the newest snapshot. */
  readonly ops: number;
  readonly bytes: number;
  /** Of the snapshot and its text: what the tail is weighed against. */
  readonly stateRecords: number;
  readonly stateBytes: number;
}

/** A snapshot is written whole: of a large state it is worth it for so much of it that is new. */
const WORTH_WRITING = 1 / 10;

/** So many ops, and a part of a large state; or more to read than the state itself is. */
export function isDue({ ops, bytes, ...state }: Tail, rules: SnapshotRules): boolean {
  if (ops < leastTail(rules)) return false;
  const isMuch = ops >= Math.max(rules.every, WORTH_WRITING * state.stateRecords);
  return isMuch || bytes >= state.stateBytes;
}
