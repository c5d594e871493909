/**
 * A space's outbox from its start, as far as it is needed. A row has one op or hundreds of them, so
 * neither many rows nor few are the right page: to read a backlog of bulks whole for each request
 * costs more than to send it.
 */
import type { OutboxRow, SpaceId } from '../../core/index.ts';
import type { ReplicaTx } from './ports.ts';

export interface RowsRead {
  readonly rows: readonly OutboxRow[];
  /** It is known that there is nothing behind them. */
  readonly isAll: boolean;
}

export interface Reading {
  readonly space: SpaceId;
  /** The first rows, where they are at hand. */
  readonly atHand?: readonly OutboxRow[];
  /** How many ops these rows lack; none: they are enough. */
  readonly missing: (rows: readonly OutboxRow[]) => number;
}

/** How long the first page is, and how many times as long as all before it any other: bulks may follow on single writes. */
const FEW = 8;

/** The rows of a space from the first, until they are enough. */
export async function readRows(
  tx: Pick<ReplicaTx, 'rowsOf'>,
  { space, atHand = [], missing }: Reading,
): Promise<RowsRead> {
  const rows = [...atHand];
  let page = atHand;
  for (;;) {
    const ops = missing(rows);
    if (ops <= 0) return { rows, isAll: false };
    const most = FEW * Math.max(1, rows.length);
    // What follows is mostly like the last page.
    const had = page.reduce((sum, { payloads }) => sum + payloads.length, 0);
    const limit = had > 0 ? Math.min(most, Math.ceil((ops * page.length) / had)) : most;
    page = await tx.rowsOf(space, limit, rows.at(-1)?.row);
    rows.push(...page);
    if (page.length < limit) return { rows, isAll: true };
  }
}
