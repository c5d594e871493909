/**
 * Building a space's replica anew, where the log goes on without what this device had folded, or has
 * become another one. The whole state is fetched first and adopted in one transaction (adopt.ts), so
 * that the person sees the one and then the other, and never an empty list in between.
 */
import {
  asClock,
  asSeq,
  lastCommon,
  withStep,
  type OutboxRow,
  type Remedy,
  type Seq,
  type Step,
  type Trail,
} from '../../core/index.ts';
import { isOfVersion } from './exchange-notes.ts';
import { followLog } from './follow-log.ts';
import { GrowingState } from './growing-state.ts';
import { lookBack } from './look-back.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import { regain } from './regain.ts';
import { fetchSnapshot, forgetFetched, type OnCame } from './fetch-snapshot.ts';
import { EMPTY_STATE, type Fetched } from './state.ts';

/** A replica to build anew, as it was when that was decided. */
export interface Rebuilding {
  readonly row: SpaceRow;
  readonly remedy: Extract<Remedy, { kind: 'other-history' | 'bootstrap' | 'make-again' }>;
}

export const rebuildingOf = (row: SpaceRow, remedy: Rebuilding['remedy']): Rebuilding => ({
  row,
  remedy,
});

/** What to adopt, and as what: a space that is gone is another history once it is made again. */
export async function fetchFor(
  ports: Ports,
  connection: Connection,
  rebuilding: Rebuilding,
  onCame: OnCame,
): Promise<{ readonly of: Rebuilding; readonly fetched: Fetched }> {
  const { row, remedy } = rebuilding;
  if (remedy.kind !== 'make-again')
    return { of: rebuilding, fetched: await fetchState(ports, connection, rebuilding, onCame) };
  // What went under former ids is sent under them: then the space has to be there first.
  if (!row.selves?.length) return { of: rebuilding, fetched: { ok: true, state: EMPTY_STATE } };
  const { space, actor } = row;
  const made = await ports.transport.push(connection, {
    spaces: { [space]: { actor, since: asSeq(0), create: true } },
  });
  if (!made.ok) return { of: rebuilding, fetched: made };
  const of: Rebuilding = {
    row,
    remedy: { kind: 'other-history', epoch: undefined, from: asSeq(0), acked: asClock(0) },
  };
  return { of, fetched: await fetchState(ports, connection, of, onCame) };
}

/**
 * The newest snapshot, and what the log has behind it, folded in memory; and in the log what went under
 * former ids of this replica. Records nothing here but a text that is not all there yet.
 */
async function fetchState(
  ports: Ports,
  connection: Connection,
  { row, remedy }: Rebuilding,
  onCame: OnCame,
): Promise<Fetched> {
  const snapshot = await fetchSnapshot(ports, connection, row.space, onCame);
  if (!snapshot.ok) {
    const { failure } = snapshot;
    // What is here stays, and the other spaces go on.
    if (isOfVersion(failure)) return { ok: false, failure: null, updateNeeded: true };
    // Of this space alone: it says nothing of the others.
    return { ok: false, failure: failure.kind === 'refused' ? null : failure };
  }
  const growing = new GrowingState(snapshot.value, { sha256: ports.sha256, trail: trailOf(row) });
  const failed = await followLog(ports, connection, { row, growing });
  if (failed) {
    // The log does not go on from it: the newest is to be fetched, and not this one's rest.
    if (failed.failure === null) await forgetFetched(ports, row.space);
    return failed;
  }
  if (remedy.kind === 'bootstrap') return { ok: true, state: growing.state(asSeq(0)) };
  let common = commonWith(row, remedy, growing);
  const from = await inDoubtFrom(ports, row, { growing, common });
  if (from < growing.snapshotSeq) {
    const broken = await lookBack(ports, connection, { row, growing, from });
    if (broken) return broken;
    common = commonWith(row, remedy, growing);
  }
  const isWhole = !growing.isStopped && growing.access === 'write';
  const notRegained = isWhole
    ? await regain(ports, connection, { row, growing, common })
    : undefined;
  return notRegained ?? { ok: true, state: growing.state(common) };
}

/**
 * From where the log has to tell what the snapshot does not: which ops are under the clocks that it has, and
 * what a copy of this device has brought under another name. That is so behind what both histories have;
 * and everywhere where something has no clock here though it was settled, or waits under one that the
 * snapshot has and would be sent with another base: the server would take it for another's op.
 */
async function inDoubtFrom(
  ports: Ports,
  { space, actor }: SpaceRow,
  { growing, common }: { growing: GrowingState; common: Seq },
): Promise<Seq> {
  const { snapshotted, snapshotSeq, horizon } = growing;
  const last = snapshotted.get(actor) ?? 0;
  const [waiting, settled] = await ports.store.read((tx) =>
    Promise.all([tx.rowsOf(space), tx.settledOf(space)]),
  );
  const isBelow = ({ seal }: OutboxRow) => seal !== undefined && seal.clock <= last;
  const isAnywhere =
    settled.some(({ seal }) => !seal) ||
    waiting.some((row) => isBelow(row) && (row.bases ?? row.base > common));
  if (isAnywhere) return horizon;
  const isNothingOurs = waiting.length + settled.length === 0;
  return isNothingOurs ? snapshotSeq : asSeq(Math.max(horizon, common));
}

const trailOf = ({ trail = [], cursor: seq, digest }: SpaceRow): Trail =>
  withStep(trail, { seq, digest });

/**
 * The last seq that both histories have. Where the server says it, that is so unless this replica missed
 * a restore in between: then its own trail tells, as it does where the server knows of none.
 */
function commonWith(row: SpaceRow, remedy: Rebuilding['remedy'], growing: GrowingState): Seq {
  const said = remedy.kind === 'other-history' ? remedy.from : asSeq(0);
  const trail = trailOf(row);
  const seen = lastCommon(trail, growing.digests);
  const isKnown = ({ seq }: Step): boolean => seq <= said && growing.digests.has(seq);
  const isContradicted = trail.some((step) => isKnown(step) && step.seq > seen);
  return isContradicted ? seen : asSeq(Math.max(said, seen));
}
