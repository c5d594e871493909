/**
 * What a page's write becomes: outbox rows, one for each space it touches. Decides the space of each op,
 * and gives the rows their base.
 */
import {
  asSeq,
  conflictsNamed,
  DEFAULT_LIMITS,
  marked,
  recordKeyOf,
  toHex,
  typingAt,
  wasFor,
  withWas,
  type ConflictKey,
  type Mutation,
  type OpRef,
  type OpRequest,
  type OutboxRow,
  type RecordKey,
  type Seq,
  type SpaceId,
  type Following,
} from '../../core/index.ts';
import {
  checkOp,
  checkPayload,
  firstOfExisting,
  isOfExisting,
  type CheckedOp,
  type CheckedWrite,
  type View,
} from './check-write.ts';
import type { Draft } from './draft.ts';
import { opsBringingBack } from './former-writes.ts';
import { HostError } from './host-error.ts';
import { endingFormerLife, isComingBack, movesIn } from './moves.ts';
import { checkOnce } from './once.ts';
import type { Meta, Ports, ReplicaTx, SpaceRow } from './ports.ts';
import { newSpaceRow } from './spaces.ts';

/** A row without its id, and where in the request each of its ops came. */
export interface PlannedRow {
  readonly row: Omit<OutboxRow, 'row'>;
  readonly places: readonly number[];
  /** Places of deletions that are to follow on its ops: they have the receipts of those. */
  readonly following: readonly { readonly place: number; readonly index: number }[];
}

export interface PlanContext {
  readonly ports: Ports;
  readonly tx: ReplicaTx;
  readonly draft: Draft;
  readonly meta: Meta;
  /** Wall time in ms: one for all that is accepted together. */
  readonly at: number;
  /** Where the writes before this one, in the same commit, put their records. */
  readonly placed: Map<RecordKey, SpaceId>;
  /** What the writes before this one, in the same commit, resolve. */
  readonly resolving: Set<ConflictKey>;
}

export interface PlacedOp extends CheckedOp {
  readonly space: SpaceId;
  readonly place: number;
}

/** The rows of a checked write. Throws HostError, and then nothing of it has an effect. */
export async function planWrite(context: PlanContext, write: CheckedWrite): Promise<PlannedRow[]> {
  await checkInstead(context.tx, write.instead);
  const bringingBack = await opsBringingBack(context, write.former);
  const ops: PlacedOp[] = [];
  // Not a copy: there may be hundreds of writes before this one.
  const here = new Map<RecordKey, SpaceId>();
  const placed = {
    get: (key: RecordKey) => here.get(key) ?? context.placed.get(key),
  };
  for (const [place, op] of [...write.ops, ...bringingBack.map(checkOp)].entries()) {
    const space = await spaceOf({ ...context, placed }, op);
    for (const mutation of op.mutations) {
      // The deletion at the end of a move does not take the record back to where it came from.
      const key = recordKeyOf(mutation);
      if (mutation.kind !== 'delete' || !placed.get(key)) here.set(key, space);
    }
    ops.push({ ...op, space, place });
  }
  const moves = movesIn(ops);
  const rows: PlannedRow[] = [];
  const deletions = new Map<number, PlacedDeletion>();
  for (const space of new Set(ops.map((op) => op.space))) {
    const asked = ops.filter((op) => op.space === space);
    const standing = await standingOf(context, space, asked, write.view);
    const own = asked.map((op) => (isComingBack(standing.draft, op) ? withFreshLife(op) : op));
    await checkOnce(context, space, own);
    rows.push(
      ...planRows(
        standing,
        own.filter((op) => !moves.has(op.place)),
      ),
    );
    for (const op of own) {
      const put = moves.get(op.place);
      if (put !== undefined) deletions.set(put, deletionOf(standing, op, own));
    }
  }
  const planned = deletions.size > 0 ? rows.map((row) => withDeletions(row, deletions)) : rows;
  for (const [key, space] of here) context.placed.set(key, space);
  for (const key of conflictsNamed(ops)) context.resolving.add(key);
  // At once: the next write of the same commit must not find them any more.
  if (write.instead.length > 0) await context.tx.removeAside(write.instead);
  if (write.former.length > 0) await context.tx.removeFormer(write.former);
  return planned;
}

/**
 * The same of a write whose ops make all that they are about, in one space: nothing but the row of that
 * is looked at. Throws HostError.
 */
export async function planNews(
  context: Omit<PlanContext, 'placed' | 'resolving'>,
  { ops, view }: CheckedWrite,
): Promise<PlannedRow[]> {
  const space = await spaceOf({ ...context, placed: NOTHING_PLACED }, ops[0] as CheckedOp);
  const standing = await standingOf(context, space, [], view);
  return planRows(
    standing,
    ops.map((op, place) => ({ ...op, space, place })),
  );
}

/** What comes back, as an op of the same place. */
function withFreshLife(op: PlacedOp): PlacedOp {
  const { do: mutations } = JSON.parse(endingFormerLife(op.payload)) as { do: OpRequest['do'] };
  return { ...op, ...checkPayload(mutations) };
}

/** What it takes the place of has to be there: of two pages that send one op again, one is late. */
async function checkInstead(tx: ReplicaTx, instead: readonly OpRef[]): Promise<void> {
  if (instead.length > 0 && (await tx.asideOf(instead)) < instead.length) {
    throw new HostError('not_set_aside', 'This was sent again or discarded already.');
  }
}

/** Where records were put by writes that are not stored yet. */
interface Placed {
  readonly placed: { get(key: RecordKey): SpaceId | undefined };
}

const NOTHING_PLACED = { get: () => undefined };

/** The space named, the one where the op's records are, or, for new records, the home. */
async function spaceOf(
  { draft, meta, placed }: Pick<PlanContext, 'draft' | 'meta'> & Placed,
  op: CheckedOp,
): Promise<SpaceId> {
  // A page that was open while the device joined an account may still name the home it had then.
  if (op.space) return op.space === meta.formerHome ? meta.home : op.space;
  const existing = firstOfExisting(op);
  if (!existing) return meta.home;
  const justPlaced = placed.get(recordKeyOf(existing));
  if (justPlaced) return justPlaced;
  const [space, ...others] = await draft.spacesOf(existing);
  if (!space) throw new HostError('no_such_record', `No ${existing.collection} has this id here.`);
  if (others.length > 0) throw new HostError('ambiguous_record', 'Several spaces have this id.');
  return space;
}

/** A space as a write finds it. */
interface Standing {
  readonly draft: Draft;
  readonly row: SpaceRow;
  /** The seq of the view that its author had on screen. */
  readonly onScreen: number;
  readonly at: number;
  /** Another text each time. */
  readonly mark: () => string;
}

async function standingOf(
  { ports, draft, at }: Pick<PlanContext, 'ports' | 'draft' | 'at'>,
  space: SpaceId,
  ops: readonly PlacedOp[],
  view: View,
): Promise<Standing> {
  await Promise.all([
    draft.loadSpaces([space]),
    draft.loadRecords(
      space,
      ops.flatMap((op) => op.mutations),
    ),
    draft.loadConflicts(space, ops),
  ]);
  const row =
    draft.space(space) ??
    draft.putSpace(newSpaceRow(ports, { space, create: true, followed: false }));
  if (row.trouble === 'space_deleted')
    throw new HostError('space_deleted', 'This space was deleted on the server.');
  if (row.access === 'read') throw new HostError('forbidden', 'This space can only be read.');
  const mark = () => toHex(ports.random.bytes(6));
  return { draft, row, onScreen: seenOf(row, view), at, mark };
}

/** One row for the ops of a space; more only where some have a base or a version of their own. */
function planRows(
  { draft, row, onScreen, at, mark }: Standing,
  ops: readonly PlacedOp[],
): PlannedRow[] {
  const { space } = row;
  const bases = ops.map((op) => baseOf(draft, row, op.mutations, onScreen));
  const runs = runsOf(ops.map(({ v }, i) => `${bases[i] ?? 0} ${v}`));
  const isTyping = ops.length === 1 && ops[0]?.typing;
  return runs.map(([from, to]) => {
    const run = ops.slice(from, to);
    const [base, v] = [bases[from] as Seq, run[0]?.v ?? 1];
    const payloads = run.map((op) => payloadOf(op, { row, base, mark }));
    const typing = isTyping ? { typing: typingAt(at) } : {};
    const resolves = [...conflictsNamed(run)];
    return {
      places: run.map((op) => op.place),
      following: [],
      row: {
        space,
        actor: row.actor,
        base,
        at,
        v,
        payloads,
        ...typing,
        ...(resolves.length > 0 && { resolves }),
      },
    };
  });
}

interface PlacedDeletion {
  readonly place: number;
  /** Absent where the same write goes on to write the record here: then it stays, as ever after a move. */
  readonly deletion?: Omit<Following, 'index'>;
}

/** `own` are the write's ops in the deletion's space. */
function deletionOf(
  { draft, row, onScreen }: Standing,
  { place, mutations }: PlacedOp,
  own: readonly PlacedOp[],
): PlacedDeletion {
  const { collection, id } = mutations[0] as Mutation;
  const key = recordKeyOf({ collection, id });
  const isWrittenLater = own.some(
    (op) => op.place > place && op.mutations.some((one) => recordKeyOf(one) === key),
  );
  if (isWrittenLater) return { place };
  const base = baseOf(draft, row, mutations, onScreen);
  const rebuilt = row.rebuilt && { rebuilt: row.rebuilt.times };
  return { place, deletion: { space: row.space, base, ...rebuilt, collection, id } };
}

/** The row with the deletions that are to follow on its ops. */
function withDeletions(
  planned: PlannedRow,
  deletions: ReadonlyMap<number, PlacedDeletion>,
): PlannedRow {
  const found = planned.places.flatMap((place, index) => {
    const deletion = deletions.get(place);
    return deletion ? [{ ...deletion, index }] : [];
  });
  if (found.length === 0) return planned;
  const following = found.map(({ place, index }) => ({ place, index }));
  const follows = found.flatMap(({ deletion, index }) =>
    deletion ? [{ ...deletion, index }] : [],
  );
  return { ...planned, following, row: { ...planned.row, ...(follows.length > 0 && { follows }) } };
}

/**
 * Who does not say what they had seen is taken to have seen nothing: a conflict too many can be
 * looked at, an overwritten value could not. Of another history they had seen what both have.
 */
function seenOf({ space, cursor, rebuilt }: SpaceRow, view: View): number {
  const seen = Math.min(view.seen[space] ?? 0, cursor);
  if (!rebuilt || view.rebuilt?.[space] === rebuilt.times) return seen;
  return Math.min(seen, rebuilt.from);
}

/** After a fork the op says which ids were this replica's before, as long as that matters. */
function payloadOf(
  { payload, v }: PlacedOp,
  { row: { selves }, base, mark }: Pick<Standing, 'row' | 'mark'> & { readonly base: Seq },
): string {
  const text = selves ? withWas(payload, wasFor(selves, base), DEFAULT_LIMITS) : payload;
  // Version 1 of the grammar has nothing that adds.
  return v > 1 ? marked(text, mark) : text;
}

/** The stretches of equal values, as [from, to) places. */
function runsOf(values: readonly unknown[]): [from: number, to: number][] {
  const starts = [...values.keys()].filter((i) => i === 0 || values[i] !== values[i - 1]);
  return starts.map((from, i) => [from, starts[i + 1] ?? values.length]);
}

/**
 * The seq of the view on screen, but never below the birth of a record that the op is about: who
 * edits a record has seen it, even if the news of it and the page's own count crossed. One that a
 * snapshot has just brought they have seen as that has it.
 */
function baseOf(
  draft: Draft,
  { space, filling }: SpaceRow,
  mutations: readonly Mutation[],
  seen: number,
): Seq {
  const births = mutations
    .filter(isOfExisting)
    .map((mutation) => draft.record(space, recordKeyOf(mutation))?.confirmed)
    .map((known) => (known && filling?.of?.seq) ?? known?.born[0]?.seq ?? 0);
  return asSeq(births.reduce((a, b) => Math.max(a, b), seen));
}
