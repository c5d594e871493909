/** What filling a new replica writes: each of these is one transaction, and none where it was overtaken. */
import {
  asClock,
  asSeq,
  NOT_BEGUN,
  rebasedRow,
  recordKeyOf,
  sentAgain,
  type Epoch,
  type Filled,
  type Filling,
  type SnapshotPart,
  type OutboxRow,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import type { FillEnd } from './fill.ts';
import { foldInto, writeFolded, type Context } from './fold-into.ts';
import { completeOps } from './own-ops.ts';
import type { Ports, RecordName, ReplicaTx, SpaceRow } from './ports.ts';
import { rebasedOn, rebaseTouched } from './rebase-touched.ts';
import { pendingByRecord } from './rederive.ts';
import { ensureMeta, followRegistry } from './spaces.ts';

/** A space, and how far it was filled when the transaction was decided. */
export interface Place {
  readonly space: SpaceId;
  readonly at: Filling;
}

/** Runs `work` on the space's row, if that is still there. */
async function writeAt<T>(
  ports: Ports,
  { space, at }: Place,
  work: (context: Context, row: SpaceRow) => Promise<T>,
): Promise<T | undefined> {
  const session = await ports.session.load();
  return ports.store.write(async (tx) => {
    const meta = await ensureMeta(ports, tx, session);
    const row = await tx.space(space);
    // Another context has the lock by now, or the space became another one.
    if (!row || !isAt(row.filling, at)) return undefined;
    return work({ ports, tx, meta, registry: session.config?.registry }, row);
  });
}

const isAt = (one: Filling | undefined, other: Filling): boolean =>
  one?.offset === other.offset &&
  one.of?.seq === other.of?.seq &&
  one.of?.epoch === other.of?.epoch;

/** Stores what the next lines hold, with what is pending here on top; false where it was overtaken. */
export async function putPart(
  ports: Ports,
  place: Place,
  { filling, part }: Filled,
): Promise<boolean> {
  const done = await writeAt(ports, place, async (context, row) => {
    const { tx, meta, registry } = context;
    const draft = new Draft(tx);
    await draft.loadSpaces([row.space]);
    await loadKnown(context, draft, row, part);
    const space = draft.putSpace({ ...row, filling: { ...row.filling, ...filling } });
    const touching = touchedBy(draft, row.space, part);
    await rebaseTouched({ tx, draft, space, folded: part, touching, ownRows: [], gone: [] });
    if (row.space === meta.home) await followRegistry(ports, draft, meta.home, registry);
    await writeFolded(tx, row.space, part);
    await draft.save();
    return true;
  });
  return done ?? false;
}

/** More rows than these are not read to see what is pending: each record of the part is looked up. */
const FEW_PENDING = 1000;

/**
 * Reads those records of the part of which something is known here: by what is pending on them, mostly
 * nothing. A look at each would cost more than to store it.
 */
async function loadKnown(
  { tx }: Context,
  draft: Draft,
  { space, pending, progress, filling }: SpaceRow,
  { records, conflicts }: SnapshotPart,
): Promise<void> {
  const named: RecordName[] = [...records.values(), ...conflicts.values()];
  if (filling?.isAnew || pending > FEW_PENDING) return draft.loadRecords(space, named);
  if (pending === 0) return undefined;
  const due = pendingByRecord(await tx.rowsOf(space), progress);
  return draft.loadRecords(
    space,
    named.filter((name) => due.has(recordKeyOf(name))),
  );
}

/** The part's records; and those on which something is pending that may name one of its conflicts. */
function touchedBy(
  draft: Draft,
  space: SpaceId,
  { records, conflicts }: SnapshotPart,
): RecordName[] {
  const waiting = [...conflicts.values()].filter(
    (name) => (draft.record(space, recordKeyOf(name))?.pending.length ?? 0) > 0,
  );
  return [...records.values(), ...waiting];
}

/**
 * All of it is here and counted: the replica stands at the snapshot's seq, and own ops that are settled
 * and in it wait no more.
 */
export async function finish(ports: Ports, place: Place, at: Filling): Promise<FillEnd> {
  const { of, own: covered } = at;
  const adopted = await writeAt(ports, place, async (context, row) => {
    if (!of) return undefined;
    const { filling: _, ...rest } = row;
    const { acked } = row.progress;
    const next: SpaceRow = {
      ...rest,
      epoch: of.epoch,
      cursor: of.seq,
      digest: of.digest,
      head: asSeq(Math.max(row.head, of.seq)),
      progress: { ...row.progress, ...(covered > 0 && { covered }) },
    };
    const own = await completeOps(context.tx, next, { ops: [], refused: [] }, asClock(acked));
    if (!own.ok) return undefined;
    const verdict = { acked, carried: acked, refused: [], isAtHead: false };
    const { outcomes } = await foldInto(context, { row: next, own, verdict, digest: of.digest });
    return { space: row.space, outcomes };
  });
  return adopted ? { kind: 'done', adopted } : { kind: 'left' };
}

/** There is no snapshot: the log is replayed from its start, and the space is not asked about one again. */
export async function replay(
  ports: Ports,
  place: Place,
  epoch: Epoch | undefined,
): Promise<FillEnd> {
  await writeAt(ports, place, async ({ tx }, { filling: _, ...row }) =>
    tx.putSpaces([{ ...row, ...(epoch !== undefined && { epoch }) }]),
  );
  return { kind: 'done' };
}

/** The snapshot is at fault, or cannot be completed: the newest is begun. */
export async function beginAnew(ports: Ports, place: Place): Promise<boolean> {
  const done = await writeAt(ports, place, async ({ tx }, row) => {
    await takeAway(tx, row, await tx.rowsOf(row.space));
    return true;
  });
  return done ?? false;
}

/**
 * The server was restored, and its log is another one behind `from`: nobody has seen what there is
 * no more, and what is ours is sent again.
 */
export async function beginInEpoch(
  { tx }: Context,
  row: SpaceRow,
  { from, epoch }: { from: Seq; epoch: Epoch | undefined },
): Promise<void> {
  const rows = (await tx.rowsOf(row.space)).map((one) => rebasedRow(one, from, epoch));
  await tx.putRows(rows);
  await takeAway(tx, { ...row, progress: sentAgain(row.progress) }, rows);
}

/**
 * Takes away what had come; what is pending stays, on top of nothing. So does a record on its way to
 * another space, or it would come back while it is there as well. `rows` are those of the outbox.
 */
async function takeAway(tx: ReplicaTx, row: SpaceRow, rows: readonly OutboxRow[]): Promise<void> {
  const { space, progress, filling } = row;
  const due = pendingByRecord(rows, progress);
  const beside = {
    rows: new Map(rows.map((one) => [one.row, one])),
    conflictOf: () => undefined,
  };
  const draft = new Draft(tx);
  const found = await tx.allRecords(space);
  const moving = new Map(found.flatMap((one) => (one.moving ? [[one.key, one]] : [])));
  await tx.clearSpace(space);
  for (const record of moving.values()) draft.putRecord(space, record);
  for (const [key, { name, refs }] of due) {
    const record = moving.get(key) ?? { key, ...name, pending: [] };
    draft.putRecord(space, rebasedOn(record, record.confirmed, refs, beside));
  }
  const isFenced = filling?.isFenced && { isFenced: filling.isFenced };
  draft.putSpace({ ...row, filling: { ...NOT_BEGUN, ...isFenced, isAnew: true } });
  await draft.save();
}
