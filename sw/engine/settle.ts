/** What an answer makes of the outbox: which ops wait no more, what is left of their rows, what is told. */
import {
  advanced,
  asClock,
  isPending,
  pendingIndexes,
  type Clock,
  type OpRef,
  type OutboxRow,
  type Progress,
  type Refused,
  type RowId,
  type RowOutcome,
  type Seq,
  type SequencedOp,
} from '../../core/index.ts';
import type { OwnOp, OwnRows, Place } from './own-ops.ts';
import type { SetAside, SpaceRow } from './ports.ts';

export interface Verdict {
  readonly acked: Clock;
  /** The last clock that the request carried. */
  readonly carried: Clock;
  readonly refused: readonly Refused[];
  /** Whether everything that is in the log by now has been folded with this answer. */
  readonly isAtHead: boolean;
}

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
  /** Ops that are in the log, and were perhaps set aside before that was known. */
  readonly taken: readonly SequencedOp[];
  readonly outcomes: readonly RowOutcome[];
}

/** An op that leaves the outbox for the person to decide on. */
export interface Leaving {
  readonly place: Place;
  readonly code: string;
  readonly clock?: Clock;
}

export function settle(
  space: SpaceRow,
  { rows, places }: OwnRows,
  folded: readonly OwnOp[],
  verdict: Verdict,
): Settled {
  const progress = progressAfter(space.progress, folded, verdict);
  const leaving = leavingOps(space.progress, { places, folded, progress, verdict });
  const now = withGone(rows, leaving);
  const done = now.filter((row) => row.seal && pendingIndexes(row, progress).length === 0);
  const left = new Set(leaving.map(({ place }) => place));
  const gone = [...places.values()].filter(
    (place) =>
      isPending(place.of, place.index, space.progress) &&
      (left.has(place) || !isPending(place.of, place.index, progress)),
  );
  const settled = withSeqs(done, space.cursor, folded);
  return {
    progress,
    rows: now,
    done: settled,
    changed: now.filter((row, i) => row !== rows[i] && !done.includes(row)),
    aside: leaving.map(setAside),
    gone: gone.map(({ row, index }) => ({ row, index })),
    taken: folded.flatMap(({ op, place }) =>
      place && isPending(place.of, place.index, space.progress) ? [] : [op],
    ),
    // What is refused is told before the row's end, which is that of the others.
    outcomes: [...leaving.map(refusedOutcome), ...settled.flatMap(syncedOutcome)],
  };
}

/** An ack settles only what this very request carried; what is in the log is settled anyway. */
function progressAfter(
  before: Progress,
  own: readonly OwnOp[],
  { acked, carried }: Verdict,
): Progress {
  const folded = own.at(-1)?.op.clock ?? before.folded;
  return advanced(before, { acked: asClock(Math.min(acked, carried)), folded });
}

interface Facts {
  readonly places: ReadonlyMap<Clock, Place>;
  readonly folded: readonly OwnOp[];
  readonly progress: Progress;
  readonly verdict: Verdict;
}

function leavingOps(before: Progress, { places, folded, progress, verdict }: Facts): Leaving[] {
  const inLog = new Set(folded.map(({ op }) => op.clock));
  // A refusal is of ours where our op came with this request, or where a later one of ours was
  // folded: of another clock it may be about what a copy of this database wrote.
  const heardThrough = Math.max(verdict.carried, ...inLog);
  const codes = new Map(verdict.refused.map(({ clock, code }) => [clock, code]));
  const leaving: Leaving[] = [];
  for (const [clock, place] of places) {
    if (clock > heardThrough || inLog.has(clock)) continue;
    if (!isPending(place.of, place.index, before)) continue;
    const isPassedOver =
      clock > (before.covered ?? 0) &&
      clock <= (verdict.isAtHead ? progress.acked : progress.folded);
    const code = codes.get(clock) ?? (isPassedOver ? PASSED_OVER : null);
    // A refusal is repeated until the server knows that we heard it: the first time counts.
    if (code !== null) leaving.push({ place, code, clock });
  }
  return leaving;
}

/** It is settled and not in the log, and no refusal of it was heard: that went to a copy of this database. */
const PASSED_OVER = 'not_in_log';

export function withGone(rows: readonly OutboxRow[], leaving: readonly Leaving[]): OutboxRow[] {
  const gone = new Map<RowId, number[]>();
  for (const { place } of leaving)
    gone.set(place.row, [...(gone.get(place.row) ?? []), place.index]);
  return rows.map((row) => {
    const indexes = gone.get(row.row);
    return indexes ? { ...row, gone: [...(row.gone ?? []), ...indexes] } : row;
  });
}

/** Of a row with nothing pending: what did not leave it is in the log. */
export const hasOpsInLog = ({ payloads, gone = [] }: OutboxRow): boolean =>
  payloads.length > gone.length;

/** When what comes with an answer is settled: by the later of the two clocks, since one may be set back. */
export const settlingTime = (now: number, serverNow = now): number => Math.max(now, serverNow);

/** Where all that is left of a row is refused, its last op in the log was folded before: at the cursor or below. */
function withSeqs(done: readonly OutboxRow[], cursor: Seq, own: readonly OwnOp[]): Settled['done'] {
  const lastSeqs = new Map(own.map(({ op, place }) => [place?.row, op.seq]));
  return done.map((row) => {
    const seq = lastSeqs.get(row.row) ?? (hasOpsInLog(row) ? cursor : undefined);
    return seq === undefined ? row : { ...row, seq };
  });
}

/** Of a row that was refused as a whole there is nothing more to tell. */
export const syncedOutcome = ({ row, seq }: Settled['done'][number]): RowOutcome[] =>
  seq === undefined ? [] : [{ row, kind: 'synced', seq }];

export const refusedOutcome = ({ code, place: { row, index } }: Leaving): RowOutcome => ({
  row,
  index,
  kind: 'refused',
  code,
});

export function setAside({ clock, code, place: { of, index } }: Leaving): SetAside {
  const { row, space, actor, base, at, v, payloads } = of;
  const payload = payloads[index] ?? '';
  const op = { row, index, space, actor, code, base, at, v, payload };
  return clock === undefined ? op : { ...op, clock };
}
