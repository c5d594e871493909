/**
 * A space's outbox from its start, as far as it is needed. A row has one op or hundreds of them, so
 * neither many rows nor few are the right page: to read a backlog of bulks whole for each request
 * costs more than to send it.
 */
import type { OutboxRow, RowId, SpaceId } from '../../core/index.ts';
import type { ReplicaTx } from './ports.ts';

export interface RowsFrom {
  readonly space: SpaceId;
  /** What comes first and is at hand. */
  readonly known?: readonly OutboxRow[];
  /** How many more ops are needed than these rows have; none: they are enough. */
  readonly missing: (rows: readonly OutboxRow[]) => number;
}

export interface RowsRead {
  readonly rows: readonly OutboxRow[];
  /** There is nothing behind them. */
  readonly isAll: boolean;
}

/** Where nothing is known of the rows yet. */
const FEW = 8;
/** How much longer each page may be than all that was read before it: single writes may be followed by bulks. */
const GROWTH = 8;

export async function readRows(
  tx: Pick<ReplicaTx, 'rowsOf'>,
  { space, known = [], missing }: RowsFrom,
): Promise<RowsRead> {
  const rows = [...known];
  for (;;) {
    const ops = missing(rows);
    if (ops <= 0) return { rows, isAll: false };
    const most = rowsWith(ops, rows);
    const after: RowId | undefined = rows.at(-1)?.row;
    const page = await tx.rowsOf(space, most, after);
    rows.push(...page);
    if (page.length < most) return { rows, isAll: true };
  }
}

/** About how many rows have so many ops, if they are like those that were read. */
function rowsWith(ops: number, like: readonly OutboxRow[]): number {
  if (like.length === 0) return FEW;
  const had = like.reduce((sum, { payloads }) => sum + payloads.length, 0);
  return Math.min(Math.ceil((ops * like.length) / had), GROWTH * like.length);
}
