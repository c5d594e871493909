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
} from '../../core/index.ts';
import type { ReplicaTx, SpaceRow } from './ports.ts';
import { readRows, type RowsRead } from './read-rows.ts';

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
  const { rows, isAll } = await unsettledRows(tx, space, { acked, sent });
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
  const isLast = isAll && (lastClockOf(sealed.at(-1) as OutboxRow) ?? 0) <= last;
  return row && !isLast ? { ops, sent: { actor: space.actor, clock: last, row } } : { ops };
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

/** One more than a request may have, which says that there is more. */
const ENOUGH_OPS = DEFAULT_LIMITS.opsPerSpace + 1;

/** The rows from the first that is not settled, as far as a request reaches. */
async function unsettledRows(
  tx: ReplicaTx,
  { space, progress: { folded } }: SpaceRow,
  { acked, sent }: { readonly acked: Clock; readonly sent: Sent | undefined },
): Promise<RowsRead> {
  // What has only to come back lies before what is to be sent, and mostly that is all there is.
  const end = !sent && acked > folded ? await tx.lastRow(space) : undefined;
  if (end && (lastClockOf(end) ?? Infinity) <= acked) return { rows: [], isAll: true };
  const { rows, isAll } = await readRows(tx, {
    space,
    ...(sent && { atHand: [sent.row] }),
    missing: (rows) =>
      rows.reduce(
        (left, row) => left - opsBehind(acked, row),
        ENOUGH_OPS + settledBehind(acked, rows),
      ),
  });
  return { rows: rows.filter((row) => opsBehind(acked, row) > 0), isAll };
}

/** How many ops of the row are behind this clock, or will be. */
function opsBehind(acked: Clock, row: OutboxRow): number {
  const clocks = row.payloads.length - (row.before ?? 0);
  return Math.max(0, Math.min((lastClockOf(row) ?? Infinity) - acked, clocks));
}

/** How many ops behind these rows are settled, and have to be passed. */
function settledBehind(acked: Clock, rows: readonly OutboxRow[]): number {
  const end = rows.at(-1);
  return end ? Math.max(0, acked - (lastClockOf(end) ?? acked)) : 0;
}
