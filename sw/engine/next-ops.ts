/**
 * The next ops of a space that go with a request: each row that is about to leave gets its clock, in
 * the transaction that reads it, and from then on never changes, in flight or not.
 */
import {
  DEFAULT_LIMITS,
  isTyping,
  lastClockOf,
  opsToSend,
  seal,
  type ActorId,
  type Clock,
  type OutboxRow,
  type RowId,
} from '../../core/index.ts';
import type { ReplicaTx, SpaceRow } from './ports.ts';

export type SentOps = ReturnType<typeof opsToSend>;

/**
 * How far a drain has come with a space whose answers only settle: kept in memory, so that rows which
 * wait to be folded are not read again, nor one that holds thousands of ops for each part of it.
 */
export interface Sent {
  readonly actor: ActorId;
  /** The last clock that was sent: settled, or about to be. */
  readonly clock: Clock;
  /** The sealed row that has it. */
  readonly row: OutboxRow;
}

export interface NextOps {
  readonly ops: SentOps;
  /** Where there is more behind them that could leave at once. */
  readonly sent?: Sent;
}

export interface OpsRoom {
  readonly bytes: number;
  readonly ops: number;
  readonly now: number;
}

export async function nextOps(
  tx: ReplicaTx,
  space: SpaceRow,
  room: OpsRoom,
  before: Sent | undefined,
): Promise<NextOps> {
  const sent = before?.actor === space.actor && !space.turn ? before : undefined;
  const acked = Math.max(space.progress.acked, sent?.clock ?? 0) as Clock;
  const rows = await unsettledRows(tx, space, { acked, sent });
  const sealed = sealedRows(rows, space, room.now);
  const through = space.turn ? space.turn.at - 1 : Infinity;
  const progress = { ...space.progress, acked };
  const ops = opsToSend(sealed, progress, { ...room, limits: DEFAULT_LIMITS, through });
  const last = ops.at(-1)?.clock;
  if (last === undefined) return { ops };
  const changed = sealed.filter(
    (row, i) => row !== rows[i] && (row.seal?.clock ?? Infinity) <= last,
  );
  if (changed.length > 0) {
    await tx.putRows(changed);
    const end = lastClockOf(changed.at(-1) as OutboxRow) ?? space.progress.sealed;
    await tx.putSpaces([{ ...space, progress: { ...space.progress, sealed: end } }]);
  }
  const row = sealed.findLast(({ seal: given }) => (given?.clock ?? Infinity) <= last);
  const isAll = (lastClockOf(sealed.at(-1) as OutboxRow) ?? 0) <= last && rows.length < MOST_ROWS;
  return row && !isAll ? { ops, sent: { actor: space.actor, clock: last, row } } : { ops };
}

/** The rows with their clocks, as far as they may leave now. */
function sealedRows(rows: readonly OutboxRow[], space: SpaceRow, now: number): OutboxRow[] {
  const sealed: OutboxRow[] = [];
  let last = space.progress.sealed;
  for (const row of rows) {
    // Before a turn nothing is sealed: it may have to be under another id, or of another base.
    if (!row.seal && (space.turn || isTyping(row, now))) break;
    const ready = row.seal ? row : seal(row, last, space.epoch);
    if (ready !== row) last = lastClockOf(ready) ?? last;
    sealed.push(ready);
  }
  return sealed;
}

const MOST_ROWS = DEFAULT_LIMITS.opsPerSpace;

/** As many rows as a request may have ops of, from the first that is not settled. */
async function unsettledRows(
  tx: ReplicaTx,
  { space }: SpaceRow,
  { acked, sent }: { readonly acked: Clock; readonly sent: Sent | undefined },
): Promise<OutboxRow[]> {
  const rows: OutboxRow[] = [];
  let after: RowId | undefined = sent?.row.row;
  if (sent) {
    const left = (lastClockOf(sent.row) ?? 0) - acked;
    if (left > 0) rows.push(sent.row);
    if (left > MOST_ROWS) return rows;
  }
  while (rows.length < MOST_ROWS) {
    const page = await tx.rowsOf(space, MOST_ROWS, after);
    rows.push(...page.filter((row) => (lastClockOf(row) ?? Infinity) > acked));
    if (page.length < MOST_ROWS) break;
    after = page.at(-1)?.row;
  }
  return rows;
}
