/**
 * Own ops in an answer: which outbox row each belongs to, what the log made of it, and what is left
 * of the row. Matched by actor and clock, never by position.
 */
import {
  asClock,
  isPending,
  mutationsOf,
  type AnsweredOp,
  type Clock,
  type OpRef,
  type OutboxRow,
  type Progress,
  type Refused,
  type RowOutcome,
  type Seq,
  type SequencedOp,
  type SpaceAnswer,
} from '../../core/index.ts';
import type { RecordName, ReplicaTx, SetAside, SpaceRow } from './ports.ts';

export interface OwnRows {
  /** The records that the ops name. */
  readonly names: readonly RecordName[];
  settle(ops: readonly SequencedOp[], verdict: Verdict): Settled;
}

export interface Verdict {
  readonly acked: Clock;
  /** The last clock that the request carried. */
  readonly carried: Clock;
  readonly refused: readonly Refused[];
}

/** What an answer made of the outbox. */
export interface Settled {
  readonly progress: Progress;
  /** All own rows that were looked at, as they are now. */
  readonly rows: readonly OutboxRow[];
  /** Rows with nothing left to wait for; `seq` is that of the last op in the log, if one got there. */
  readonly done: readonly (OutboxRow & { readonly seq?: Seq })[];
  readonly changed: readonly OutboxRow[];
  readonly aside: readonly SetAside[];
  /** Ops that wait no more, by place in their rows. */
  readonly gone: readonly OpRef[];
  /** How many fewer ops are pending. */
  readonly left: number;
  readonly outcomes: readonly RowOutcome[];
}

export type Completed =
  | ({ readonly ok: true; readonly ops: readonly SequencedOp[] } & OwnRows)
  | { readonly ok: false; readonly code: 'actor_forked' };

/** Fills in the own ops that the server named without repeating them, from the rows they are. */
export async function completeOps(
  tx: ReplicaTx,
  space: SpaceRow,
  answer: Pick<SpaceAnswer, 'ops' | 'refused'>,
): Promise<Completed> {
  const mine = answer.ops.filter((op) => op.actor === space.actor);
  const concerned = mine.length + answer.refused.length > 0;
  // Each own op of the answer is in one of the first rows: those before it are folded or settled.
  const rows = concerned ? await tx.rowsOf(space.space, ROWS_AT_ONCE) : [];
  const places = placesOf(rows);
  const ops: SequencedOp[] = [];
  for (const op of answer.ops) {
    const full = op.actor === space.actor ? completeOwn(op, places) : fullOp(op);
    // Our clock with other bytes, or one we never gave: another copy of this database writes as us.
    if (!full) return { ok: false, code: 'actor_forked' };
    ops.push(full);
  }
  const names = [...ops.flatMap(mutationsOf), ...refusedNames(answer.refused, places)];
  return {
    ok: true,
    ops,
    names,
    settle: (folded, verdict) => settleRows(space, rows, places, folded, verdict),
  };
}

/** As many rows as an answer can name ops. */
const ROWS_AT_ONCE = 1000;

interface Place extends OpRef {
  readonly of: OutboxRow;
}

function placesOf(rows: readonly OutboxRow[]): Map<Clock, Place> {
  const places = new Map<Clock, Place>();
  for (const row of rows) {
    if (!row.seal) continue;
    for (const index of row.payloads.keys()) {
      places.set(asClock(row.seal.clock + index), { row: row.row, index, of: row });
    }
  }
  return places;
}

function completeOwn(op: AnsweredOp, places: ReadonlyMap<Clock, Place>): SequencedOp | undefined {
  const place = places.get(op.clock);
  if (!place) return undefined;
  const { base, v, payloads } = place.of;
  const payload = payloads[place.index] as string;
  const same = (op.base ?? base) === base && (op.payload ?? payload) === payload;
  return same
    ? { seq: op.seq, actor: op.actor, clock: op.clock, at: op.at, base, v, payload }
    : undefined;
}

function fullOp(op: AnsweredOp): SequencedOp | undefined {
  const { base, payload, key } = op;
  if (base === undefined || payload === undefined) return undefined;
  const { seq, actor, clock, at, v } = op;
  return { seq, actor, clock, at, v, base, payload, ...(key !== undefined && { key }) };
}

function refusedNames(
  refused: readonly Refused[],
  places: ReadonlyMap<Clock, Place>,
): RecordName[] {
  return refused.flatMap(({ clock }) => {
    const place = places.get(clock);
    return place
      ? [...mutationsOf({ v: place.of.v, payload: place.of.payloads[place.index] ?? '' })]
      : [];
  });
}

function settleRows(
  space: SpaceRow,
  rows: readonly OutboxRow[],
  places: ReadonlyMap<Clock, Place>,
  folded: readonly SequencedOp[],
  verdict: Verdict,
): Settled {
  const own = folded.filter((op) => op.actor === space.actor);
  const progress = progressAfter(space.progress, own, verdict);
  // A refusal is repeated until the server knows that we heard it: the first time counts.
  const refused = verdict.refused.flatMap(({ clock, code }) => {
    const place = places.get(clock);
    const news = place && isPending(place.of, place.index, space.progress);
    return news ? [{ clock, code, place }] : [];
  });
  const now = rows.map((row) => withGone(row, refused));
  const done = now.filter((row) => isDone(row, progress));
  const gone = [
    ...own.flatMap((op) => places.get(op.clock) ?? []),
    ...refused.map(({ place }) => place),
  ];
  const settled = withSeqs(done, space.cursor, own, places);
  return {
    progress,
    rows: now,
    done: settled,
    changed: now.filter((row, i) => row !== rows[i] && !done.includes(row)),
    aside: refused.map(setAside),
    gone: gone.map(({ row, index }) => ({ row, index })),
    left: gone.length,
    outcomes: [...settled.flatMap(syncedOutcome), ...refused.map(refusedOutcome)],
  };
}

/** An ack settles only what this very request carried; what is in the log is settled anyway. */
function progressAfter(
  before: Progress,
  own: readonly SequencedOp[],
  { acked, carried }: Verdict,
): Progress {
  const folded = own.at(-1)?.clock ?? before.folded;
  const settled = Math.max(before.acked, Math.min(acked, carried), folded);
  return { sealed: before.sealed, acked: asClock(settled), folded };
}

interface NewRefusal {
  readonly clock: Clock;
  readonly code: string;
  readonly place: Place;
}

function withGone(row: OutboxRow, refused: readonly NewRefusal[]): OutboxRow {
  const indexes = refused.filter(({ place }) => place.of === row).map(({ place }) => place.index);
  return indexes.length === 0 ? row : { ...row, gone: [...(row.gone ?? []), ...indexes] };
}

const isDone = (row: OutboxRow, progress: Progress): boolean =>
  row.seal !== undefined && row.payloads.every((_, index) => !isPending(row, index, progress));

/** Where all that is left of a row is refused, its last op in the log was folded before: at the cursor or below. */
function withSeqs(
  done: readonly OutboxRow[],
  cursor: Seq,
  own: readonly SequencedOp[],
  places: ReadonlyMap<Clock, Place>,
): Settled['done'] {
  const lastSeqs = new Map(own.map((op) => [places.get(op.clock)?.row, op.seq]));
  return done.map((row) => {
    const inLog = row.payloads.length > (row.gone?.length ?? 0);
    const seq = lastSeqs.get(row.row) ?? (inLog ? cursor : undefined);
    return seq === undefined ? row : { ...row, seq };
  });
}

/** A row of which a part was refused is not synced: its outcome is the refusal. */
const syncedOutcome = ({ row, seq, gone }: Settled['done'][number]): RowOutcome[] =>
  seq === undefined || gone ? [] : [{ row, kind: 'synced', seq }];

const refusedOutcome = ({ clock, code, place }: NewRefusal): RowOutcome => ({
  row: place.row,
  kind: 'refused',
  code,
  clock,
});

function setAside({ clock, code, place: { of, index } }: NewRefusal): SetAside {
  const { row, space, base, at, v, payloads } = of;
  return { row, index, space, clock, code, base, at, v, payload: payloads[index] ?? '' };
}
