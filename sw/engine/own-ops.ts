/**
 * Own ops in an answer: which outbox row each belongs to, and whether it really is ours. Matched by
 * actor and clock, never by position. What the answer makes of the rows is settle.ts's.
 */
import {
  asClock,
  clockAt,
  lastClockOf,
  mutationsOf,
  saidBy,
  seal,
  type AnsweredOp,
  type Clock,
  type OpRef,
  type OutboxRow,
  type Refused,
  type SequencedOp,
  type SpaceAnswer,
} from '../../core/index.ts';
import type { RecordName, ReplicaTx, SpaceRow } from './ports.ts';
import { readRows } from './read-rows.ts';

export interface Place extends OpRef {
  readonly of: OutboxRow;
}

export interface OwnOp {
  readonly op: SequencedOp;
  /** Absent where the row is forgotten: it was settled longer ago than such rows are kept. */
  readonly place?: Place;
}

export interface OwnRows {
  /** The records that the ops name. */
  readonly names: readonly RecordName[];
  /** The rows that were looked at, in order. */
  readonly rows: readonly OutboxRow[];
  readonly places: ReadonlyMap<Clock, Place>;
}

export type Completed =
  | (OwnRows & {
      readonly ok: true;
      /** All of them whole, in the order of the log. */
      readonly ops: readonly SequencedOp[];
      /** Those of them that this replica wrote. */
      readonly own: readonly OwnOp[];
      /** The first clock under which another copy of this database has written. */
      readonly forkedAt?: Clock;
      /** The last clock that a row has by now: those that a copy has sent before us have theirs from the log. */
      readonly sealed: Clock;
      /** The rows that were given theirs so. */
      readonly newlySealed: readonly OutboxRow[];
    })
  /** An op that is named without its content, and is none that we hold. */
  | { readonly ok: false };

/**
 * Fills in the own ops that the server named without repeating them, from the rows they are. Looks
 * at the rows through clock `settled` in any case.
 */
export async function completeOps(
  tx: ReplicaTx,
  space: SpaceRow,
  answer: Pick<SpaceAnswer, 'ops' | 'refused'>,
  settled: Clock,
): Promise<Completed> {
  const found = await rowsFor(tx, space, answer, settled);
  const { sealed, rows } = sealedByLog(space, found, answer.ops);
  const places = placesOf(rows);
  const ops: SequencedOp[] = [];
  const own: OwnOp[] = [];
  // Before the log was read it is not known whose the clock is that the server has spoken of.
  let forkedAt = space.turn?.unread ? undefined : space.turn?.at;
  for (const op of answer.ops) {
    const place = op.actor === space.actor ? places.get(op.clock) : undefined;
    const isOurs = op.actor === space.actor && op.clock < (forkedAt ?? Infinity);
    // Our clock with other content, or one we never gave: another copy of this database writes as us.
    const isForeign = isOurs && (place ? !isSame(op, place) : op.clock > sealed);
    if (isForeign) forkedAt = op.clock;
    const mine = isOurs && !isForeign;
    const whole = wholeOp(op, mine ? place : undefined);
    if (!whole) return { ok: false };
    ops.push(whole);
    if (mine) own.push({ op: whole, ...(place && { place }) });
  }
  const names = [...ops.flatMap(mutationsOf), ...refusedNames(answer.refused, places)];
  const newlySealed = rows.filter((row, i) => row !== found[i]);
  const all = { ops, own, rows, places, names, sealed, newlySealed };
  return { ok: true, ...all, ...(forkedAt !== undefined && { forkedAt }) };
}

/**
 * Copies of this database give the same clocks to what they have in common, for it comes first in the
 * outbox of each. So where the log has under our next clocks what waits here without one, it is that
 * op, and its row has this clock: what a copy has brought is settled, and not sent under another id.
 */
function sealedByLog(
  { actor, epoch, turn, progress: { sealed } }: SpaceRow,
  rows: readonly OutboxRow[],
  ops: readonly AnsweredOp[],
): { readonly sealed: Clock; readonly rows: readonly OutboxRow[] } {
  const unknown = ops.filter((op) => op.actor === actor && op.clock > sealed);
  // Behind a fork the clocks are those of what the copy alone has written.
  if (unknown.length === 0 || (turn && !turn.unread)) return { sealed, rows };
  let last = sealed;
  const asSealed = rows.map((row) => {
    if (row.seal) return row;
    const given = seal(row, last, epoch);
    last = lastClockOf(given) ?? last;
    return given;
  });
  const places = placesOf(asSealed);
  let end = sealed;
  for (const op of unknown) {
    const place = places.get(op.clock);
    if (!place || !isSame(op, place)) break;
    end = lastClockOf(place.of) ?? end;
  }
  const isGiven = (row: OutboxRow): boolean => (lastClockOf(row) ?? Infinity) <= end;
  return {
    sealed: end,
    rows: rows.map((row, i) => (asSealed[i] && isGiven(asSealed[i]) ? asSealed[i] : row)),
  };
}

/** How far the clocks of these rows go: what has none yet may turn out to have those that follow. */
const clocksThrough = (rows: readonly OutboxRow[], sealed: Clock): number =>
  rows.reduce(
    (last, row) =>
      lastClockOf(row) ?? Math.max(last, sealed) + row.payloads.length - (row.before ?? 0),
    0,
  );

/** The rows from the first, through the one with the last clock that the answer is about. */
async function rowsFor(
  tx: ReplicaTx,
  { space, actor, progress }: SpaceRow,
  { ops, refused }: Pick<SpaceAnswer, 'ops' | 'refused'>,
  settled: Clock,
): Promise<readonly OutboxRow[]> {
  const own = ops.filter((op) => op.actor === actor);
  const { covered = 0, folded } = progress;
  const settling = Math.max(settled, covered > folded ? covered : 0);
  const last = [...own, ...refused].reduce((most, { clock }) => Math.max(most, clock), settling);
  const { rows } = await readRows(tx, {
    space,
    missing: (rows) => last - clocksThrough(rows, progress.sealed),
  });
  return rows;
}

export function placesOf(rows: readonly OutboxRow[]): Map<Clock, Place> {
  const places = new Map<Clock, Place>();
  for (const row of rows) {
    for (const index of row.payloads.keys()) {
      const clock = clockAt(row, index);
      if (clock !== undefined) places.set(clock, { row: row.row, index, of: row });
    }
  }
  return places;
}

/**
 * A server may have set the op's time back to its own, never forward. This device may have sent it with
 * a base that it had in another history, and a copy of its database with the base and the former ids
 * that it had to give it; then its time tells that it is the same.
 */
function isSame(op: AnsweredOp, { of, index }: Place): boolean {
  const payload = of.payloads[index] ?? '';
  if (op.at > of.at || saidBy(op.payload ?? payload) !== saidBy(payload)) return false;
  const { base = of.base } = op;
  return base === of.base || (of.bases ?? []).includes(base) || op.at === of.at;
}

function wholeOp(op: AnsweredOp, place: Place | undefined): SequencedOp | undefined {
  const { seq, actor, clock, at, v, key } = op;
  const base = op.base ?? place?.of.base;
  const payload = op.payload ?? place?.of.payloads[place.index];
  if (base === undefined || payload === undefined) return undefined;
  const version = place?.of.v ?? v;
  return { seq, actor, clock, at, v: version, base, payload, ...(key !== undefined && { key }) };
}

function refusedNames(
  refused: readonly Refused[],
  places: ReadonlyMap<Clock, Place>,
): RecordName[] {
  return refused.flatMap(({ clock }) => {
    const place = places.get(asClock(clock));
    return place
      ? [...mutationsOf({ v: place.of.v, payload: place.of.payloads[place.index] ?? '' })]
      : [];
  });
}
