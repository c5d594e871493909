/**
 * Adopting a state that was fetched whole: one transaction in which the replica becomes that state
 * with this device's own ops on top, those included that the server has lost.
 */
import {
  asClock,
  asSeq,
  joinTurns,
  lastClockOf,
  pendingIndexes,
  type Clock,
  type ConflictKey,
  type OpRef,
  type OutboxRow,
  type Progress,
  type RecordKey,
  type RowOutcome,
  type SpaceId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import { writeFolded, type Context } from './fold-into.ts';
import { keepMissing, viewOf } from './former.ts';
import { finishMoves, withoutFinished, type Finished } from './moves.ts';
import type { Ports, RecordName, ReplicaTx, SpaceRow } from './ports.ts';
import { rebasedOn } from './rebase-touched.ts';
import type { Rebuilding, State } from './rebuild.ts';
import { pendingByRecord } from './rederive.ts';
import { ensureMeta, followRegistry } from './spaces.ts';

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
  const covered = state.actors.get(row.actor) ?? asClock(0);
  const isOther = remedy.kind !== 'bootstrap';
  const back = isOther ? await bringBack(tx, row, covered) : [];
  const rows = [...(await tx.rowsOf(row.space)), ...back].sort((a, b) => a.row - b.row);
  const progress = progressIn(row.progress, remedy, covered);
  const isWaiting = (one: OutboxRow) => pendingIndexes(one, progress).length > 0;
  const waiting = rows.filter(isWaiting);
  const pending = waiting.reduce((sum, one) => sum + pendingIndexes(one, progress).length, 0);

  const next = { ...rowIn(row, remedy, state, covered), progress, pending };
  const ended = endedOps(rows, row.progress, progress);
  const own = { waiting, rows, ended };
  const finished = await replaceRecords(context, next, own, { state, remedy });
  const now = rows.map((one) => withoutFinished(one, finished));
  const done = now.filter((one) => !isWaiting(one));
  await tx.putRows(now.filter((one, i) => one !== rows[i] || back.includes(one)));
  await tx.deleteRows(done.map((one) => one.row));
  const settledAt = ports.clock.now();
  await tx.putSettled(done.map((one) => ({ ...one, seq: state.seq, settledAt })));
  return {
    space: row.space,
    outcomes: done
      .filter((one) => !one.gone)
      .map((one) => ({ row: one.row, kind: 'synced', seq: state.seq })),
  };
}

/** Own ops that waited before and do not any more. */
const endedOps = (rows: readonly OutboxRow[], before: Progress, after: Progress): OpRef[] =>
  rows.flatMap((row) => {
    const waiting = pendingIndexes(row, after);
    return pendingIndexes(row, before)
      .filter((index) => !waiting.includes(index))
      .map((index) => ({ row: row.row, index }));
  });

/** Own rows that were in the log once, and of which the state holds no more than a part. */
async function bringBack(
  tx: ReplicaTx,
  { space, actor }: SpaceRow,
  covered: Clock,
): Promise<OutboxRow[]> {
  const settled = await tx.settledOf(space);
  const lost = settled.filter((row) => row.actor === actor && (lastClockOf(row) ?? 0) > covered);
  await tx.deleteSettled(lost.map(({ row }) => row));
  return lost.map(({ seq: _, settledAt: __, ...row }) => row);
}

/** Behind the horizon everything settled stays so. In another history it is what that says of us. */
function progressIn(before: Progress, remedy: Rebuilding['remedy'], covered: Clock): Progress {
  const { sealed } = before;
  switch (remedy.kind) {
    case 'bootstrap': {
      const folded = Math.max(before.folded, Math.min(covered, before.acked));
      return { ...before, folded: asClock(folded), covered };
    }
    case 'other-history': {
      const acked = asClock(Math.min(before.acked, remedy.acked));
      return { sealed, acked, folded: asClock(Math.min(covered, acked)), covered };
    }
    case 'make-again':
      return { sealed, acked: asClock(0), folded: asClock(0) };
  }
}

function rowIn(
  { trouble: _, pullOnlyUntil: __, epoch: ___, ...row }: SpaceRow,
  remedy: Rebuilding['remedy'],
  { epoch, seq, digest, head, access }: State,
  covered: Clock,
): SpaceRow {
  const next: SpaceRow = {
    ...row,
    ...(epoch !== undefined && { epoch }),
    cursor: seq,
    digest,
    head,
    access,
  };
  if (remedy.kind === 'bootstrap') return next;
  const isGone = remedy.kind === 'make-again';
  const [from, acked] = isGone ? [asSeq(0), asClock(0)] : [remedy.from, remedy.acked];
  return {
    ...next,
    create: isGone,
    rebuilt: { times: (row.rebuilt?.times ?? 0) + 1, from },
    // What was written under earlier ids is at other places in this log, or not in it.
    ...(row.selves && { selves: row.selves.map((self) => ({ ...self, until: NEVER })) }),
    // What the state holds is on the server, whatever the error said.
    turn: joinTurns(row.turn, { at: asClock(Math.max(acked, covered) + 1), fork: false, from }),
  };
}

const NEVER = asSeq(Number.MAX_SAFE_INTEGER);

interface OwnOps {
  readonly rows: readonly OutboxRow[];
  /** Those of the rows that have something pending. */
  readonly waiting: readonly OutboxRow[];
  readonly ended: readonly OpRef[];
}

async function replaceRecords(
  { ports, tx, meta, registry }: Context,
  space: SpaceRow,
  { rows, waiting, ended }: OwnOps,
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
  const names = new Map<RecordKey, RecordName>([...before, ...records]);
  for (const [key, { name }] of due) names.set(key, name);
  for (const [key, { collection, id }] of names) {
    const moving = before.get(key)?.moving;
    const record = { key, collection, id, pending: [], ...(moving && { moving }) };
    const refs = due.get(key)?.refs ?? [];
    draft.putRecord(space.space, rebasedOn(record, records.get(key), refs, beside));
  }
  const views = { before, viewOf: (key: RecordKey) => viewOf(draft.record(space.space, key)) };
  if (remedy.kind !== 'bootstrap') {
    const common = remedy.kind === 'make-again' ? asSeq(0) : remedy.from;
    await keepMissing(tx, space, { ...views, state, common, waiting });
  }
  await tx.clearSpace(space.space);
  const finished = await finishMoves({ ports, tx, draft }, rows, ended);
  if (space.space === meta.home) await followRegistry(ports, draft, meta.home, registry);
  await writeFolded(tx, space.space, { conflicts, malformed });
  await draft.save();
  return finished;
}
