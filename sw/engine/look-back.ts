/**
 * What a log still has below the snapshot that a state began with: read only to look in it for ops of
 * our own, and for how far it is the log that was folded here. It is not folded again.
 */
import { asSeq, type Seq, type SequencedOp } from '../../core/index.ts';
import { pullFrom } from './follow-log.ts';
import type { GrowingState } from './growing-state.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import type { Fetched } from './state.ts';

/** Reads behind `from`; where the log does not lead from there to the snapshot, nothing is known by it. */
export async function lookBack(
  ports: Ports,
  connection: Connection,
  { row, growing, from }: { row: SpaceRow; growing: GrowingState; from: Seq },
): Promise<Extract<Fetched, { ok: false }> | undefined> {
  const { epoch, snapshotSeq: end } = growing;
  const older: SequencedOp[] = [];
  let since = from;
  while (since < end) {
    const answer = await pullFrom(ports, connection, row, { since, epoch });
    if (!answer.ok) return answer;
    const part = answer.value.spaces[row.space];
    // Its start may be gone by now.
    if (!part || 'error' in part || part.epoch !== epoch) return undefined;
    const whole = part.ops.filter((op) => op.base !== undefined && op.payload !== undefined);
    const last = part.ops.at(-1)?.seq ?? since;
    if (whole.length < part.ops.length || last === since) return undefined;
    older.push(...(whole as SequencedOp[]).filter(({ seq }) => seq <= end));
    since = asSeq(Math.min(last, end));
  }
  growing.lookBack(older);
  return undefined;
}
