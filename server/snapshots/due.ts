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
  /** Of the snapshot's text: what the tail is weighed against. */
  readonly stateBytes: number;
}

/** So many ops, or more to read than the state itself is. */
export const isDue = (tail: Tail, rules: SnapshotRules): boolean =>
  tail.ops >= leastTail(rules) && (tail.ops >= rules.every || tail.bytes >= tail.stateBytes);
