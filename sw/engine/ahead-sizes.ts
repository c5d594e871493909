/** What goes ahead of its records, and how these follow. */
export interface AheadSizes {
  /** In ops: with fewer there is little to gain. */
  readonly fewest: number;
  /** In one row of the outbox, and applied at once: live queries wait for no more. */
  readonly atOnce: number;
  /** In rows of the outbox: while more of them are left to apply, the next wait for these. */
  readonly waiting: number;
}

export const AHEAD_SIZES: AheadSizes = { fewest: 256, atOnce: 512, waiting: 64 };
