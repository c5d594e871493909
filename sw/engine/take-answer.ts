/** A space's answer: what it settled and what is new, checked against what is folded here. */
import {
  advanced,
  asClock,
  digestThrough,
  NOT_BEGUN,
  FILL_SIZES,
  stillSettled,
  type Clock,
  type SpaceAnswer,
  type Turn,
} from '../../core/index.ts';
import { foldInto, NOTHING, type Context, type SpaceResult } from './fold-into.ts';
import { completeOps, type Completed } from './own-ops.ts';
import type { Ports, ReplicaTx, SpaceRow } from './ports.ts';

export async function takeAnswer(
  context: Context,
  row: SpaceRow,
  answer: SpaceAnswer,
  carried: Clock,
): Promise<SpaceResult> {
  const { ports, tx } = context;
  const first = answer.ops[0]?.seq;
  const filling = row.filling ?? (isToBeFilled(ports, row, answer) ? NOT_BEGUN : undefined);
  if (filling) return settleAlone(context, { ...row, filling }, answer, carried);
  // Only what begins at the cursor + 1, in this log's own generation, may be folded, and that is
  // checked here, inside.
  if (row.epoch !== undefined && row.epoch !== answer.epoch)
    return trouble(tx, row, 'epoch_changed');
  if (first !== undefined && first !== row.cursor + 1) return NOTHING;
  if (saysNothingNew(row, answer, carried)) return NOTHING;
  if (saysAcksAlone(row, answer, carried)) return noteAcks(tx, row, answer, carried);

  const { acked, refused, more } = answer;
  const own = await completeOps(tx, row, answer, asClock(Math.min(acked, carried)));
  if (!own.ok) return trouble(tx, row, 'actor_forked');
  const digest = digestThrough(row.digest, own.ops, ports.sha256);
  // The server agreed with our digest, and then sends ops that do not lead to its own: what came is
  // not its log. Nothing of it is folded, and it is asked again.
  if (answer.ops.length > 0 && digest !== answer.digest) return trouble(tx, row, 'digest_mismatch');

  const turn = turnOf(row, answer, own);
  const after = rowAfter(row, answer, carried);
  const progress = { ...stillSettled(row.progress, acked), sealed: own.sealed };
  const next = { ...after, progress, ...(turn && { turn }) };
  if (own.newlySealed.length > 0) await tx.putRows(own.newlySealed);
  const verdict = { acked, carried, refused, isAtHead: !more };
  const result = await foldInto(context, { row: next, own, verdict, digest });
  // Now it is known what to send, and under which id.
  if (row.turn?.unread && !turn?.unread) return { ...result, advanced: true };
  // What was forgotten is sent again at once, but not for as long as a server keeps forgetting.
  return progress.acked < row.progress.acked ? { ...result, turned: true } : result;
}

/** A new replica with much to replay begins with the snapshot; the few ops that came are in that too. */
const isToBeFilled = (
  { fillSizes = FILL_SIZES }: Ports,
  { cursor, epoch }: SpaceRow,
  { more, head }: SpaceAnswer,
): boolean => cursor === 0 && epoch === undefined && more && head > fillSizes.replayed;

/** While a replica is filled nothing of the log is folded: what an answer settles counts, and where the log is. */
async function settleAlone(
  context: Context,
  row: SpaceRow,
  answer: SpaceAnswer,
  carried: Clock,
): Promise<SpaceResult> {
  const { acked, refused } = answer;
  const { epoch: _, filling: before = NOT_BEGUN, ...after } = rowAfter(row, answer, carried);
  const { isFenced: __, ...filling } = before;
  const settled = asClock(Math.min(acked, carried));
  const own = await completeOps(context.tx, row, { ops: [], refused }, settled);
  if (!own.ok) return trouble(context.tx, row, 'actor_forked');
  const next = { ...after, filling, progress: stillSettled(row.progress, acked) };
  const verdict = { acked, carried, refused, isAtHead: false };
  return foldInto(context, { row: next, own, verdict, digest: row.digest });
}

function rowAfter(row: SpaceRow, answer: SpaceAnswer, carried: Clock): SpaceRow {
  const { trouble: held, pullOnlyUntil, own: _, turn: __, unproven: ___, ...rest } = row;
  const { epoch, head, access } = answer;
  // That the server answers a pull says nothing of whether it takes ops again.
  const isHeld = pullOnlyUntil !== undefined && carried === 0 && row.pending > 0;
  return {
    ...rest,
    epoch,
    head,
    access,
    create: false,
    ...(answer.own && { own: true }),
    ...(isHeld && held !== undefined && { trouble: held, pullOnlyUntil }),
  };
}

/**
 * Our ops from the first clock under which another copy of this database writes need another actor.
 * What the server has said of a clock, or has settled, is weighed when the log was read to its end.
 */
function turnOf(
  { turn }: SpaceRow,
  answer: SpaceAnswer,
  own: Extract<Completed, { ok: true }>,
): Turn | undefined {
  // A clock is settled that we never gave.
  const unknown = answer.acked > own.sealed ? asClock(own.sealed + 1) : undefined;
  const isOurs = own.own.some(({ op }) => op.clock >= (turn?.at ?? Infinity));
  const told = turn?.unread && isOurs ? undefined : turn?.at;
  const clocks = [own.forkedAt, unknown, told].filter((clock) => clock !== undefined);
  if (clocks.length === 0) return undefined;
  const at = asClock(Math.min(...clocks));
  return answer.more && own.forkedAt === undefined ? { at, unread: true } : { at };
}

/** An answer to a mere pull that brings nothing and changes nothing: writing it down would be noise. */
function saysNothingNew(row: SpaceRow, answer: SpaceAnswer, carried: Clock): boolean {
  const { epoch, head, access, ops, refused, acked, own = false } = answer;
  const sameSpace =
    row.epoch === epoch &&
    row.head === head &&
    row.access === access &&
    (row.own ?? false) === own &&
    acked <= row.progress.sealed &&
    // A restored server may have forgotten what it had settled, and its log still go on from ours.
    stillSettled(row.progress, acked).acked === row.progress.acked;
  // Held back with nothing left to hold, it would be in trouble for ever.
  const isHealthy = !row.trouble || (row.pullOnlyUntil !== undefined && row.pending > 0);
  return (
    sameSpace &&
    isHealthy &&
    !row.turn?.unread &&
    !row.unproven &&
    carried === 0 &&
    ops.length + refused.length === 0
  );
}

/** The answer to who has more to send: all that it carried is settled, and nothing else is said. */
const saysAcksAlone = (row: SpaceRow, answer: SpaceAnswer, carried: Clock): boolean =>
  carried > 0 &&
  answer.acked >= carried &&
  answer.acked <= row.progress.sealed &&
  answer.ops.length + answer.refused.length === 0 &&
  answer.more &&
  row.epoch !== undefined &&
  row.turn === undefined &&
  row.trouble === undefined &&
  // What a snapshot holds already waits for nothing else: it leaves with what settles it.
  (row.progress.covered ?? 0) <= row.progress.folded;

/** Whatever its size it is one row: what was sent waits to be folded, and is not sent again. */
async function noteAcks(
  tx: ReplicaTx,
  row: SpaceRow,
  answer: SpaceAnswer,
  carried: Clock,
): Promise<SpaceResult> {
  const progress = advanced(row.progress, { acked: carried, folded: row.progress.folded });
  await tx.putSpaces([{ ...rowAfter(row, answer, carried), progress }]);
  return { ...NOTHING, advanced: true, onlyAcks: true };
}

async function trouble(tx: ReplicaTx, row: SpaceRow, code: string): Promise<SpaceResult> {
  if (row.trouble !== code) await tx.putSpaces([{ ...row, trouble: code }]);
  return NOTHING;
}
