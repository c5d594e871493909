/**
 * Writes that go ahead: a large bulk of new records is durable as soon as its ops are in the outbox, and
 * its records follow at once (unfold.ts). A row of IndexedDB costs the same whoever writes it; one of
 * the outbox has hundreds of ops.
 */
import type { Receipt, RowId } from '../../core/index.ts';
import { AHEAD_SIZES } from './ahead-sizes.ts';
import { countPending } from './apply-row.ts';
import { isNews, type CheckedWrite } from './check-write.ts';
import { Draft } from './draft.ts';
import { planNews, type PlannedRow } from './plan-write.ts';
import type { Ports, ReplicaTx, Session } from './ports.ts';
import { receiptsOf } from './receipts.ts';
import { ensureMeta } from './spaces.ts';
import { wallTime } from './wall-time.ts';

/**
 * Whether the write may go ahead: nothing but the row of its space has to be known to accept it. What
 * names spaces does more than make its own record.
 */
export function mayGoAhead(
  { ops, ahead, instead, former }: CheckedWrite,
  { aheadSizes = AHEAD_SIZES }: Pick<Ports, 'aheadSizes'>,
  registry: string | undefined,
): boolean {
  const [first] = ops;
  return (
    ahead &&
    first !== undefined &&
    ops.length >= aheadSizes.fewest &&
    instead.length + former.length === 0 &&
    ops.every((op) => isNews(op) && op.space === first.space && !op.typing && !op.once) &&
    !ops.some(({ mutations }) => mutations.some(({ collection }) => collection === registry))
  );
}

/** Keeps its rows, and says in the database what is left to do. Throws HostError, and nothing is written. */
export async function acceptAhead(
  { ports, tx, session }: { ports: Ports; tx: ReplicaTx; session: Session },
  write: CheckedWrite,
): Promise<readonly Receipt[]> {
  const draft = new Draft(tx);
  const meta = await ensureMeta(ports, tx, session);
  const { atOnce } = ports.aheadSizes ?? AHEAD_SIZES;
  const planned = await planNews({ ports, tx, draft, meta, at: wallTime(ports) }, write);
  const plan = planned.flatMap((one) => inPieces(one, atOnce));
  const rows = await tx.addRows(plan.map(({ row }) => row));
  for (const { row } of plan) countPending(draft, row);
  await tx.putMeta({ ...meta, unfolding: rows });
  await draft.save();
  const placeOf = new Map(plan.map((one, i) => [one, { row: rows[i] as RowId, index: 0 }]));
  return receiptsOf(plan, placeOf);
}

/** A row is read whole for each part of it that is applied or sent. */
function inPieces({ row, places, following }: PlannedRow, most: number): PlannedRow[] {
  const starts = Array.from({ length: Math.ceil(places.length / most) }, (_, i) => i * most);
  return starts.map((from) => ({
    row: { ...row, payloads: row.payloads.slice(from, from + most) },
    places: places.slice(from, from + most),
    following,
  }));
}
