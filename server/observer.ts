/** What the server's parts say of what they do, for metrics and logs: counts and times, no contents. */

export interface SeenRequest {
  readonly method: string;
  /** As it was registered, such as `/sync/bootstrap/:space`: ids of spaces are nobody's business. */
  readonly route: string;
  readonly status: number;
  /** Until the answer began; a stream goes on after it. */
  readonly ms: number;
}

export interface Observer {
  request(seen: SeenRequest): void;
  /** What one request of one space came to. */
  exchange(counts: { readonly taken: number; readonly refused: number }): void;
  /** A transaction that so many exchanges have shared. */
  commit(seen: { readonly members: number; readonly ms: number }): void;
  snapshot(seen: { readonly ms: number; readonly bytes: number }): void;
  /** A log has got shorter: `dropped` is by how many ops, where a drop was appended. */
  compacted(seen: { readonly dropped: number; readonly removed: number }): void;
  fault(error: unknown): void;
}

/** Tells each of them. */
export const observers = (all: readonly Observer[]): Observer => ({
  request: (seen) => all.forEach((each) => each.request(seen)),
  exchange: (counts) => all.forEach((each) => each.exchange(counts)),
  commit: (seen) => all.forEach((each) => each.commit(seen)),
  snapshot: (seen) => all.forEach((each) => each.snapshot(seen)),
  compacted: (seen) => all.forEach((each) => each.compacted(seen)),
  fault: (error) => all.forEach((each) => each.fault(error)),
});
