/**
 * Folding what an answer brought, inside its transaction: confirmed state, views and outbox change in
 * one step, so that nobody sees an edit of theirs vanish and come back.
 */
import {
  asSeq,
  conflictNameOf,
  digestThrough,
  fold,
  mutationsOf,
  pendingOp,
  withStep,
  type Folded,
  type OpRef,
  type OutboxRow,
  type RowOutcome,
  type Seq,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { copiesIn, withCopies } from './copies.ts';
import { Draft } from './draft.ts';
import { noteReturned } from './former.ts';
import { dependentsOf, leave, writeLeft } from './leave.ts';
import { finishMoves, withoutFinished, type Finished } from './moves.ts';
import type { Completed } from './own-ops.ts';
import type { Meta, Ports, RecordName, ReplicaTx, SpaceRow } from './ports.ts';
import type { Rebuilding } from './rebuild.ts';
import { rebaseTouched } from './rebase-touched.ts';
import { settle, settlingTime, type Settled, type Verdict } from './settle.ts';
import { followRegistry } from './spaces.ts';

/** Whose transaction it is. */
export interface Context {
  readonly ports: Ports;
  readonly tx: ReplicaTx;
  readonly meta: Meta;
  readonly registry: string | undefined;
  /** The server's wall time in ms, where this is its answer. */
  readonly serverNow?: number;
  /** When one answered before that. */
  readonly lastSyncedAt?: number | undefined;
}

export interface SpaceResult {
  readonly ops: readonly SequencedOp[];
  readonly outcomes: readonly RowOutcome[];
  readonly advanced: boolean;
  readonly updateNeeded: boolean;
  /** All that was carried is settled and nothing else was said: what comes next was foreseen. */
  readonly onlyAcks?: boolean;
  /** What is pending has to become other ops: it is worth asking again at once, with those. */
  readonly turned?: boolean;
  /** The replica has to be built anew. */
  readonly rebuilding?: Rebuilding;
}

export const NOTHING: SpaceResult = { ops: [], outcomes: [], advanced: false, updateNeeded: false };

export interface Folding {
  /** What has been read of it already. */
  readonly draft?: Draft;
  /** As it is to be afterwards, but for what the fold itself moves. */
  readonly row: SpaceRow;
  readonly own: Extract<Completed, { ok: true }>;
  readonly verdict: Verdict;
  /** The log's digest after the last of the ops. */
  readonly digest: string;
}

export async function foldInto(
  context: Context,
  { draft = new Draft(context.tx), row, own, verdict, digest }: Folding,
): Promise<SpaceResult> {
  const { ports, tx, meta, registry } = context;
  await draft.loadSpaces([row.space]);
  await draft.loadRecords(row.space, own.names);
  await draft.loadConflicts(row.space, own.ops);
  await draft.loadDroppable(row.space, own.ops);
  const folded = fold(
    {
      get: (key) => draft.record(row.space, key)?.confirmed,
      conflict: draft.conflictsOf(row.space),
      droppable: () => draft.droppableOf(row.space),
    },
    own.ops,
  );
  const ops = own.ops.slice(0, folded.count);
  const cursor = asSeq(row.cursor + folded.count);
  const mine = own.own.filter(({ op }) => op.seq <= cursor);
  const isAtHead = verdict.isAtHead && folded.stopped === undefined;
  const copies = await copiesIn(tx, row, own, ops);
  const settled = withCopies(settle(row, own, mine, { ...verdict, isAtHead }), copies, cursor);
  const left = leave(
    await dependentsOf({ tx, draft, space: row.space, folded, gone: settled.gone }, settled.aside),
  );
  const { tooNew, ...rest } = row;
  const stoppedBy = own.ops.length > 0 ? folded.stopped?.version : tooNew;
  const space = draft.putSpace({
    ...rest,
    ...(stoppedBy !== undefined && { tooNew: stoppedBy }),
    progress: settled.progress,
    pending: row.pending - settled.gone.length - left.gone.length,
    cursor,
    // A fold that stopped keeps the digest of where it stopped.
    digest: folded.stopped ? digestThrough(row.digest, ops, ports.sha256) : digest,
    head: asSeq(Math.max(row.head, cursor)),
    ...(cursor > row.cursor && {
      trail: withStep(row.trail ?? [], { seq: row.cursor, digest: row.digest }),
    }),
  });
  const gone = [...settled.gone, ...left.gone];
  const ownRows = [...settled.rows, ...left.rows];
  const touching = [
    ...own.names,
    ...namesOf(ownRows, gone),
    ...(await namesDropped(tx, draft, row.space, folded)),
  ];
  await draft.loadRecords(row.space, touching);
  await rebaseTouched({ tx, draft, space, folded, touching, ownRows, gone });
  await noteReturned(tx, draft, space, { ops, names: own.names });
  const finished = await finishMoves({ ports, tx, draft }, ownRows, gone);
  const taken = [
    ...settled.taken,
    ...ops.filter((op) => isOfFormerSelf(row, op) || isSalvaged(meta, op)),
  ];
  await writeSettled(context, row, { ...settled, ...rowsAfter(settled, finished), taken });
  const settledAt = settlingTime(ports.clock.now(), context.serverNow);
  await writeLeft(tx, left, { space, settledAt });
  if (row.space === meta.home) await followRegistry(ports, draft, meta.home, registry);
  await writeFolded(tx, row.space, folded);
  await draft.save();
  return {
    ops,
    outcomes: [...settled.outcomes, ...left.outcomes],
    advanced: folded.count > 0 || gone.length > 0 || settled.progress.acked > row.progress.acked,
    updateNeeded: folded.stopped !== undefined,
  };
}

/** The records that these ops of own rows name. */
export function namesOf(rows: readonly OutboxRow[], refs: readonly OpRef[]): RecordName[] {
  const byRow = new Map(rows.map((row) => [row.row, row]));
  return refs.flatMap(({ row, index }) => {
    const found = byRow.get(row);
    return found ? [...mutationsOf(pendingOp(found, index))] : [];
  });
}

/** The records that are known no more, and those whose pending ops resolve a conflict that is not. */
async function namesDropped(
  tx: ReplicaTx,
  draft: Draft,
  space: SpaceId,
  { dropped }: Folded,
): Promise<RecordName[]> {
  const records = [...dropped.records].flatMap((key) => draft.record(space, key) ?? []);
  if (dropped.conflicts.size === 0) return records;
  const resolved = await tx.resolvedHere();
  const known = [...dropped.conflicts].filter((key) => resolved.has(key));
  return [...records, ...known.map(conflictNameOf)];
}

/** How long own ops are kept after they are in the log, for a server that is restored to before them. */
const RECOVERY_WINDOW_MS = 30 * 24 * 3_600_000;

/** The rows as they are to be stored, without what has followed on their ops by now. */
function rowsAfter(settled: Settled, finished: Finished): Pick<Settled, 'done' | 'changed'> {
  if (finished.size === 0) return settled;
  const done = settled.done.map((row) => withoutFinished(row, finished));
  const ended = new Set(done.map(({ row }) => row));
  const changed = new Map(settled.changed.map((row) => [row.row, row]));
  return {
    done,
    changed: settled.rows
      .filter(({ row }) => !ended.has(row) && (changed.has(row) || finished.has(row)))
      .map((row) => withoutFinished(changed.get(row.row) ?? row, finished)),
  };
}

async function writeSettled(
  { ports, tx, serverNow }: Context,
  row: SpaceRow,
  settled: Settled,
): Promise<void> {
  if (settled.aside.length > 0) await tx.putAside(settled.aside);
  if (settled.taken.length > 0) await tx.deleteAside(row.space, settled.taken);
  if (settled.changed.length > 0) await tx.putRows(settled.changed);
  if (settled.done.length > 0) await tx.deleteRows(settled.done.map(({ row: id }) => id));
  const inLog = settled.done.filter((done) => done.seq !== undefined);
  if (inLog.length === 0) return;
  const now = ports.clock.now();
  const settledAt = settlingTime(now, serverNow);
  await tx.putSettled(inLog.map((done) => ({ ...done, seq: done.seq as Seq, settledAt })));
  // By the device's clock alone, one that was set for a moment by years would end the window at once.
  const earlier = Math.min(now, serverNow ?? now);
  await tx.dropSettledBefore(earlier - RECOVERY_WINDOW_MS, settledAt);
}

/** An op of the replica before this one: it had been sent after all. */
const isSalvaged = ({ salvagedActors = [] }: Meta, op: SequencedOp): boolean =>
  salvagedActors.includes(op.actor);

/** An op that was set aside before a fork comes from the log under the id that it had. */
const isOfFormerSelf = ({ selves = [] }: SpaceRow, op: SequencedOp): boolean =>
  selves.some(({ actor, clock }) => op.actor === actor && op.clock <= clock);

export async function writeFolded(
  tx: ReplicaTx,
  space: SpaceId,
  folded: Pick<Folded, 'conflicts' | 'malformed'> & Partial<Pick<Folded, 'dropped'>>,
): Promise<void> {
  const { dropped } = folded;
  if (dropped && dropped.conflicts.size > 0) await tx.dropConflicts(space, [...dropped.conflicts]);
  if (folded.conflicts.size > 0) await tx.putConflicts(space, folded.conflicts);
  if (folded.malformed.length > 0) await tx.putMalformed(space, folded.malformed);
}
