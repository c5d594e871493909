/**
 * A space's outbox from its start, as far as it is needed. A row has one op or hundreds of them, so
 * neither many rows nor few are the right page: to read a backlog of bulks whole for each request
 * costs more than to send it.
 */
import type { OutboxRow, SpaceId } from '../../core/index.ts';
import type { ReplicaTx } from './ports.ts';

export interface RowsRead {
  readonly rows: readonly OutboxRow[];
  /** There is nothing behind them. */
  readonly isAll: boolean;
}

/** Where nothing is known of the rows yet; and no page is so many times longer than what came before it. */
const FEW = 8;

/**
 * The rows of a space from the first, or from those that are at hand, until they are enough: `missing`
 * says how many ops they lack.
 */
export async function readRows(
  tx: Pick<ReplicaTx, 'rowsOf'>,
  space: SpaceId,
  missing: (rows: readonly OutboxRow[]) => number,
  atHand: readonly OutboxRow[] = [],
): Promise<RowsRead> {
  const rows = [...atHand];
  for (;;) {
    const ops = missing(rows);
    if (ops <= 0) return { rows, isAll: false };
    const most = rowsWith(ops, rows);
    const page = await tx.rowsOf(space, most, rows.at(-1)?.row);
    rows.push(...page);
    if (page.length < most) return { rows, isAll: true };
  }
}

/** About how many rows have so many ops, if they are like these; single writes may be followed by bulks. */
function rowsWith(ops: number, like: readonly OutboxRow[]): number {
  if (like.length === 0) return FEW;
  const had = like.reduce((sum, { payloads }) => sum + payloads.length, 0);
  return Math.min(Math.ceil((ops * like.length) / had), FEW * like.length);
}
