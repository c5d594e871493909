/** Sets one sealed op aside that no request with it goes through: its clock will be sent as void. */
import {
  pendingOp,
  type Clock,
  type OpRef,
  type RowOutcome,
  type SpaceId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import { dependentsOf, leave, leavingOp, writeLeft } from './leave.ts';
import { placesOf } from './own-ops.ts';
import type { Ports } from './ports.ts';
import { rederive } from './rederive.ts';
import { ensureMeta } from './spaces.ts';

export async function setAsideOne(
  ports: Ports,
  { space, clock, code }: { space: SpaceId; clock: Clock; code: string },
): Promise<readonly RowOutcome[]> {
  const session = await ports.session.load();
  return ports.store.write(async (tx) => {
    const row = await tx.space(space);
    const rows = await tx.rowsOf(space);
    const place = placesOf(rows).get(clock);
    if (!row || !place) return [];
    const op = pendingOp(place.of, place.index);
    const draft = new Draft(tx);
    const gone: OpRef[] = [{ row: place.row, index: place.index }];
    const around = { tx, draft, space, folded: { records: new Map() }, gone };
    const left = leave([leavingOp(place, code), ...(await dependentsOf(around, [op]))]);
    await writeLeft(tx, left, { space: row, settledAt: ports.clock.now() });
    const meta = await ensureMeta(ports, tx, session);
    const context = { ports, tx, meta, registry: session.config?.registry };
    const next = { ...row, pending: row.pending - left.gone.length };
    await rederive(context, next, await tx.rowsOf(space), left);
    return left.outcomes;
  });
}
