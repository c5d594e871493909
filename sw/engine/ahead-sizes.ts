/** What goes ahead of its records, and how these follow. */
export interface AheadSizes {
  /** In ops: with fewer there is little to gain, unless they would have to wait for those before. */
  readonly fewest: number;
  /** In ops, in one row of the outbox and applied at once: live queries wait for hardly more. */
  readonly atOnce: number;
  /** In rows of the outbox: while more of them are left to apply, the next wait for these. */
  readonly waiting: number;
}

export const AHEAD_SIZES: AheadSizes = { fewest: 256, atOnce: 512, waiting: 64 };
