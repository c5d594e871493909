/**
 * Writes that go ahead: many new records are durable as soon as their ops are in the outbox, and the
 * records follow at once (unfold.ts). A row of IndexedDB costs the same whoever writes it; one of the
 * outbox has hundreds of ops.
 */
import { sharedRows, type OpRef, type Receipt, type RowId } from '../../core/index.ts';
import { AHEAD_SIZES } from './ahead-sizes.ts';
import { countPending } from './apply-row.ts';
import { isNews, type CheckedOp, type CheckedWrite } from './check-write.ts';
import { Draft } from './draft.ts';
import { planNews, type PlannedRow } from './plan-write.ts';
import type { Ports, ReplicaTx, Session } from './ports.ts';
import { receiptsOf } from './receipts.ts';
import { ensureMeta } from './spaces.ts';
import { wallTime } from './wall-time.ts';

interface Around {
  readonly registry: string | undefined;
  /** In ops: fewer do not go ahead. */
  readonly fewest: number;
}

/**
 * The first of `writes` that may go ahead together: a large bulk, or so many that were asked for at once.
 * None where they are too few to gain by it.
 */
export function goingAhead(
  writes: readonly CheckedWrite[],
  { registry, fewest }: Around,
): readonly CheckedWrite[] {
  const space = writes[0]?.ops[0]?.space;
  const other = writes.findIndex((write) => !mayGoAhead(write, space, registry));
  const first = other < 0 ? writes : writes.slice(0, other);
  const count = first.reduce((sum, { ops }) => sum + ops.length, 0);
  return count >= fewest ? first : [];
}

/**
 * Whether nothing but the row of its space has to be known to accept it. What names spaces does more than
 * make its own record.
 */
const mayGoAhead = (
  { ops, ahead, instead, former }: CheckedWrite,
  space: CheckedOp['space'],
  registry: string | undefined,
): boolean =>
  ahead &&
  instead.length + former.length === 0 &&
  ops.every((op) => isNews(op) && op.space === space && !op.typing && !op.once) &&
  !ops.some(({ mutations }) => mutations.some(({ collection }) => collection === registry));

/**
 * Keeps their rows, and says in the database what is left to do. Returns the receipts of each. Throws
 * HostError, which is that of all of them, for they are of one space; then nothing is written.
 */
export async function acceptAhead(
  { ports, tx, session }: { ports: Ports; tx: ReplicaTx; session: Session },
  writes: readonly CheckedWrite[],
): Promise<readonly (readonly Receipt[])[]> {
  const draft = new Draft(tx);
  const meta = await ensureMeta(ports, tx, session);
  const { atOnce } = ports.aheadSizes ?? AHEAD_SIZES;
  const context = { ports, tx, draft, meta, at: wallTime(ports) };
  const plans: PlannedRow[][] = [];
  for (const write of writes) {
    const planned = await planNews(context, write);
    plans.push(planned.flatMap((one) => inPieces(one, atOnce)));
  }
  const plan = plans.flat();
  const shared = sharedRows(
    plan.map(({ row }) => row),
    atOnce,
  );
  const ids = await tx.addRows(shared.rows);
  for (const row of shared.rows) countPending(draft, row);
  await tx.putMeta({ ...meta, unfolding: [...(meta.unfolding ?? []), ...ids] });
  await draft.save();
  const placeOf = new Map(
    plan.map((one, i): [PlannedRow, OpRef] => {
      const { row, index } = shared.places[i] as OpRef;
      return [one, { row: ids[row] as RowId, index }];
    }),
  );
  return plans.map((one) => receiptsOf(one, placeOf));
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
