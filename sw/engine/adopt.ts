/**
 * Adopting a state that was fetched whole: one transaction in which the replica becomes that state
 * with this device's own ops on top, those included that the server has lost.
 */
import {
  asClock,
  asSeq,
  cameBack,
  clockAt,
  DEFAULT_LIMITS,
  isGone,
  isSameState,
  joinTurns,
  offeredAgain,
  pendingIndexes,
  rebasedRow,
  sentAgain,
  throughSeq,
  withWas,
  type ActorId,
  type Clock,
  type ConflictKey,
  type FormerSelf,
  type OfferedAgain,
  type OpRef,
  type OutboxRow,
  type Progress,
  type RecordKey,
  type RowOutcome,
  type Seq,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import { writeFolded, type Context } from './fold-into.ts';
import { keepMissing, viewOf, type Histories } from './former.ts';
import { finishMoves, withoutFinished, type Finished } from './moves.ts';
import type { Ports, RecordName, ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';
import { rebasedOn } from './rebase-touched.ts';
import type { Rebuilding } from './rebuild.ts';
import { hasOpsInLog } from './settle.ts';
import type { State } from './state.ts';
import { pendingByRecord } from './rederive.ts';
import { ensureMeta, followNamed } from './spaces.ts';

/** What there is to tell: that the space is another one now, and which rows turned out to be in it. */
export interface Adopted {
  readonly space: SpaceId;
  readonly outcomes: readonly RowOutcome[];
}

/** Returns undefined where the space has changed since it was decided: then nothing was done. */
export async function adopt(
  ports: Ports,
  rebuilding: Rebuilding,
  state: State,
): Promise<Adopted | undefined> {
  const session = await ports.session.load();
  return ports.store.write(async (tx) => {
    const meta = await ensureMeta(ports, tx, session);
    const row = await tx.space(rebuilding.row.space);
    if (!row || !isSame(row, rebuilding.row)) return undefined;
    const context = { ports, tx, meta, registry: session.config?.registry };
    return adoptInto(context, row, rebuilding.remedy, state);
  });
}

const isSame = (one: SpaceRow, other: SpaceRow): boolean =>
  one.actor === other.actor && one.epoch === other.epoch && one.cursor === other.cursor;

async function adoptInto(
  context: Context,
  row: SpaceRow,
  remedy: Rebuilding['remedy'],
  state: State,
): Promise<Adopted> {
  const { tx, ports } = context;
  const isOther = remedy.kind !== 'bootstrap';
  const outbox = await tx.rowsOf(row.space);
  const own = isOther ? await ownIn(tx, row, outbox, state) : keptAsTheyAre(row, outbox, state);
  const progress = progressIn(row.progress, remedy, own);
  const next = rowIn(row, remedy, state, own);
  const addedIds = await tx.addRows(own.added);
  const added = own.added.map((one, i): OutboxRow => ({ ...one, row: addedIds[i] ?? 0 }));
  const moved = new Map(own.moved.map((one) => [one.row, one]));
  const kept = own.rows.map((one) => moved.get(one.row) ?? one);
  const inLog = ourOpsIn(state, row.actor, own.covered);
  const rows = [...kept, ...added].map((one) =>
    isOther ? offered(one, progress, { space: next, common: state.common, inLog }) : one,
  );
  const isWaiting = (one: OutboxRow) => pendingIndexes(one, progress).length > 0;
  const waiting = rows.filter(isWaiting);
  const pending = waiting.reduce((sum, one) => sum + pendingIndexes(one, progress).length, 0);

  const ended = endedOps(outbox, row.progress, waiting, progress);
  const space = { ...next, progress, pending };
  const { elsewhere } = own;
  const ops = { elsewhere, waiting, rows: [...outbox, ...added], ended };
  const finished = await replaceRecords(context, space, ops, { state, remedy });
  const now = rows.map((one) => withoutFinished(one, finished));
  const done = now.filter((one) => !isWaiting(one));
  const settled = [...done, ...own.copied.map((one) => withoutFinished(one, finished))];
  await tx.deleteSettled(own.back);
  await keepMoved(tx, row.space, own.moved);
  await tx.putRows(now.filter((one) => isWaiting(one) && !outbox.includes(one)));
  await tx.deleteRows(settled.map((one) => one.row));
  const settledAt = ports.clock.now();
  await tx.putSettled(settled.map((one) => ({ ...one, seq: state.seq, settledAt })));
  return {
    space: row.space,
    outcomes: settled
      .filter(hasOpsInLog)
      .map((one) => ({ row: one.row, kind: 'synced', seq: state.seq })),
  };
}

/** Own ops that waited before and do not any more. */
function endedOps(
  before: readonly OutboxRow[],
  progressBefore: Progress,
  after: readonly OutboxRow[],
  progress: Progress,
): OpRef[] {
  const now = new Map(after.map((row) => [row.row, pendingIndexes(row, progress)]));
  return before.flatMap((row) =>
    pendingIndexes(row, progressBefore)
      .filter((index) => !now.get(row.row)?.includes(index))
      .map((index) => ({ row: row.row, index })),
  );
}

/** What the other history has of our ops, and what is to be offered again. */
async function ownIn(
  tx: ReplicaTx,
  { space, actor, selves = [], progress }: SpaceRow,
  rows: readonly OutboxRow[],
  { actors, ops, snapshotted }: State,
): Promise<OfferedAgain> {
  const settled = (await tx.settledOf(space)).map(({ seq: _, settledAt: __, ...row }) => row);
  const inLog = actors.get(actor) ?? asClock(0);
  const own = { actor, selves, sealed: progress.sealed, inLog, settled, rows };
  return offeredAgain(own, ops, snapshotted);
}

/** What was moved from settled rows is not offered from them again. */
async function keepMoved(
  tx: ReplicaTx,
  space: SpaceId,
  moved: readonly OutboxRow[],
): Promise<void> {
  if (moved.length === 0) return;
  const goneOf = new Map(moved.map(({ row, gone = [] }) => [row, gone]));
  const settled = (await tx.settledOf(space)).flatMap((row) => {
    const gone = goneOf.get(row.row);
    return gone ? [{ ...row, gone }] : [];
  });
  const empty = settled.filter((row) => !hasOpsInLog(row));
  await tx.putSettled(settled.filter(hasOpsInLog));
  await tx.deleteSettled(empty.map(({ row }) => row));
}

/** Behind the horizon it is the same log: what is settled is in it. */
const keptAsTheyAre = (
  { actor }: SpaceRow,
  rows: readonly OutboxRow[],
  { actors }: State,
): OfferedAgain => ({
  rows,
  back: [],
  added: [],
  moved: [],
  copied: [],
  elsewhere: [],
  covered: actors.get(actor) ?? asClock(0),
});

/** What the log has of ours, by its clocks: below a fork all that is under our name. */
const ourOpsIn = ({ ops }: State, actor: ActorId, covered: Clock): Map<Clock, SequencedOp> =>
  new Map(
    ops.filter((op) => op.actor === actor && op.clock <= covered).map((op) => [op.clock, op]),
  );

interface Offering {
  readonly space: SpaceRow;
  readonly common: Seq;
  readonly inLog: ReadonlyMap<Clock, SequencedOp>;
}

/**
 * A row that waits, with a base that this history has, and the former ids that it has to name then.
 * What a copy of this device has sent already keeps the bytes that it has in the log, though the copy
 * knew of another common past: with others it would be told from the copy's, and be sent twice.
 */
function offered(
  row: OutboxRow,
  progress: Progress,
  { space: { epoch, selves = [] }, common, inLog }: Offering,
): OutboxRow {
  const [first] = pendingIndexes(row, progress);
  // What is settled already is in the log with its base.
  if (first === undefined || (clockAt(row, first) ?? Infinity) <= progress.acked) return row;
  const based = rebasedRow(row, common, epoch);
  const was = selves.map(({ actor, clock }) => ({ actor, clock }));
  const sent = row.payloads.map((_, index) => inLog.get(clockAt(row, index) ?? asClock(0)));
  return {
    ...based,
    base: sent.find((op) => op !== undefined)?.base ?? based.base,
    payloads: based.payloads.map((payload, index) => {
      if (index < (row.before ?? 0)) return payload;
      return sent[index]?.payload ?? withWas(payload, was, DEFAULT_LIMITS);
    }),
  };
}

/** Behind the horizon everything settled stays so. In another history it is what its log has of us. */
function progressIn(
  before: Progress,
  remedy: Rebuilding['remedy'],
  { covered, forkAt }: OfferedAgain,
): Progress {
  const { sealed } = before;
  switch (remedy.kind) {
    case 'bootstrap': {
      const folded = Math.max(before.folded, Math.min(covered, before.acked));
      return { ...before, folded: asClock(folded), covered };
    }
    case 'other-history': {
      const folded = Math.min(covered, before.acked, remedy.acked, (forkAt ?? Infinity) - 1);
      return sentAgain({ ...before, folded: asClock(folded), covered });
    }
    case 'make-again':
      return { sealed, acked: asClock(0), folded: asClock(0) };
  }
}

function rowIn(
  {
    trouble: _,
    pullOnlyUntil: __,
    epoch: ___,
    unproven: ____,
    filling: _____,
    turn,
    ...row
  }: SpaceRow,
  remedy: Rebuilding['remedy'],
  { epoch, seq, digest, head, access, common, actors }: State,
  { forkAt }: OfferedAgain,
): SpaceRow {
  const next: SpaceRow = {
    ...row,
    ...(epoch !== undefined && { epoch }),
    cursor: seq,
    digest,
    head,
    access,
    trail: [],
  };
  if (remedy.kind === 'bootstrap') return { ...next, ...(turn && { turn }) };
  const isIn = ({ actor, clock }: FormerSelf): boolean => (actors.get(actor) ?? 0) >= clock;
  const selves = row.selves?.map((self) => ({ ...self, until: isIn(self) ? seq : NEVER }));
  // What a server had said of a clock is known by now: the whole log was read.
  const known = turn?.unread ? undefined : turn;
  const forked = forkAt === undefined ? known : joinTurns(known, { at: forkAt });
  return {
    ...next,
    create: remedy.kind === 'make-again',
    rebuilt: { times: (row.rebuilt?.times ?? 0) + 1, from: common },
    trail: throughSeq(row.trail ?? [], common),
    ...(selves && { selves }),
    ...(forked && { turn: forked }),
  };
}

const NEVER = asSeq(Number.MAX_SAFE_INTEGER);

interface OwnOps {
  readonly elsewhere: OfferedAgain['elsewhere'];
  readonly rows: readonly OutboxRow[];
  /** Those of the rows that have something pending. */
  readonly waiting: readonly OutboxRow[];
  readonly ended: readonly OpRef[];
}

async function replaceRecords(
  { ports, tx, meta, registry }: Context,
  space: SpaceRow,
  { elsewhere, rows, waiting, ended }: OwnOps,
  { state, remedy }: { readonly state: State; readonly remedy: Rebuilding['remedy'] },
): Promise<Finished> {
  const { records, conflicts, malformed } = state;
  const draft = new Draft(tx);
  await draft.loadSpaces([space.space]);
  draft.putSpace(space);
  const due = pendingByRecord(waiting, space.progress);
  const beside = {
    rows: new Map(waiting.map((row) => [row.row, row])),
    conflictOf: (key: ConflictKey) => conflicts.get(key),
  };
  const before = new Map((await tx.allRecords(space.space)).map((record) => [record.key, record]));
  // Those that are known no more are stored as unknown, so that what follows from them is undone too.
  // Most are what they were, and are not written: a row costs more than all that was read of it.
  const names = new Map<RecordKey, RecordName>([...before, ...records]);
  for (const [key, { name }] of due) names.set(key, name);
  for (const [key, { collection, id }] of names) {
    const moving = before.get(key)?.moving;
    const record = { key, collection, id, pending: [], ...(moving && { moving }) };
    const refs = due.get(key)?.refs ?? [];
    const now = rebasedOn(record, records.get(key), refs, beside);
    const was = before.get(key);
    if (was && isSameRecord(was, now)) draft.keepRecord(space.space, was);
    else draft.putRecord(space.space, now);
  }
  const views = { before, viewOf: (key: RecordKey) => viewOf(draft.record(space.space, key)) };
  if (remedy.kind !== 'bootstrap') await keepMissing(tx, space, { ...views, state, elsewhere });
  else noteBack(draft, space, { ...views, due });
  await tx.clearFindings(space.space);
  await tx.clearFetched(space.space);
  const finished = await finishMoves({ ports, tx, draft }, rows, ended);
  // All that the registry has: an app may have got one since these records were written.
  const { home } = meta;
  if (space.space === home)
    await followNamed(ports, draft, { home, registry, records: draft.records(home) });
  await writeFolded(tx, space.space, { conflicts, malformed });
  await draft.save();
  return finished;
}

const isSameRecord = (one: StoredRecord, other: StoredRecord): boolean =>
  isSameRef(one.moving, other.moving) &&
  one.pending.length === other.pending.length &&
  one.pending.every((ref, i) => isSameRef(ref, other.pending[i])) &&
  isSameState(one.confirmed, other.confirmed) &&
  isSameState(one.rebased, other.rebased);

const isSameRef = (one: OpRef | undefined, other: OpRef | undefined): boolean =>
  one?.row === other?.row && one?.index === other?.index;

/** What a person is told who was away for longer than the log is kept. */
function noteBack(
  draft: Draft,
  space: SpaceRow,
  { before, viewOf: shown, due }: Views & { readonly due: ReturnType<typeof pendingByRecord> },
): void {
  const gone = [...due.keys()].filter((key) => isGone(viewOf(before.get(key)), shown(key)));
  const { pending, away = { since: null } } = space;
  draft.putSpace({
    ...space,
    away: cameBack(away, { since: null, kept: pending, deleted: gone.length }),
  });
}

type Views = Pick<Histories, 'before' | 'viewOf'>;
