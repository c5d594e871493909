/**
 * Ops that leave the outbox without having been in the log: set aside for the person, with the code
 * of the reason, and out of the views that they were part of.
 */
import {
  clockAt,
  mutationsOf,
  pendingIndexes,
  pendingOp,
  recordKeyOf,
  stateAfter,
  visibleFields,
  type Folded,
  type Mutation,
  type OpRef,
  type OutboxRow,
  type Progress,
  type RecordKey,
  type RowOutcome,
  type SpaceId,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { Place } from './own-ops.ts';
import type { ReplicaTx, SetAside, SpaceRow } from './ports.ts';
import { hasOpsInLog, refusedOutcome, setAside, withGone, type Leaving } from './settle.ts';

/** What is left of the rows that ops leave. */
export interface Left {
  readonly rows: readonly OutboxRow[];
  readonly gone: readonly OpRef[];
  readonly aside: readonly SetAside[];
  readonly outcomes: readonly RowOutcome[];
}

export function leave(leaving: readonly Leaving[]): Left {
  const rows = new Map(leaving.map(({ place }) => [place.row, place.of]));
  return {
    rows: withGone([...rows.values()], leaving),
    gone: leaving.map(({ place: { row, index } }) => ({ row, index })),
    aside: leaving.map(setAside),
    outcomes: leaving.map(refusedOutcome),
  };
}

/** Where the space stands, and when that is. */
export interface Leave {
  readonly space: Pick<SpaceRow, 'cursor' | 'progress'>;
  readonly settledAt: number;
}

/** Writes what left, and takes rows without a pending op out of the outbox. */
export async function writeLeft(
  tx: ReplicaTx,
  left: Left,
  { space: { cursor, progress }, settledAt }: Leave,
): Promise<void> {
  if (left.aside.length === 0) return;
  const empty = left.rows.filter((row) => pendingIndexes(row, progress).length === 0);
  await tx.putAside(left.aside);
  await tx.putRows(left.rows.filter((row) => !empty.includes(row)));
  await tx.deleteRows(empty.map(({ row }) => row));
  // The others of its ops went into the log before: they are kept for a server that is restored.
  const inLog = empty.filter(hasOpsInLog);
  await tx.putSettled(inLog.map((row) => ({ ...row, seq: cursor, settledAt })));
}

/** Every pending op of these rows, leaving for one reason. */
export function leavingAll(
  rows: readonly OutboxRow[],
  progress: Progress,
  code: string,
): Leaving[] {
  return rows.flatMap((of) =>
    pendingIndexes(of, progress).map((index) => leavingOp({ row: of.row, index, of }, code)),
  );
}

export function leavingOp(place: Place, code: string): Leaving {
  const clock = clockAt(place.of, place.index);
  return clock === undefined ? { place, code } : { place, code, clock };
}

/** The reason of an op that was to edit what a refused op would have made. */
const NOTHING_TO_EDIT = 'no_such_record';

interface Around {
  readonly tx: ReplicaTx;
  readonly draft: Draft;
  readonly space: SpaceId;
  readonly folded: Pick<Folded, 'records'> & Partial<Pick<Folded, 'dropped'>>;
  /** The ops that are pending no more, the refused ones among them. */
  readonly gone: readonly OpRef[];
}

/**
 * The ops that depend on refused ones: never sent, and about records that only those would have
 * made. What was sent meanwhile is left to the log, which keeps it as a conflict.
 */
export async function dependentsOf(
  { tx, draft, space, folded, gone }: Around,
  refused: readonly { payload: string; v: number }[],
): Promise<Leaving[]> {
  const left = new Set(gone.map(nameOf));
  const leaving: Leaving[] = [];
  const queue = refused.flatMap(madeBy);
  for (let made = queue.pop(); made; made = queue.pop()) {
    await draft.loadRecords(space, [made]);
    const key = recordKeyOf(made);
    const record = draft.record(space, key);
    if (visibleFields(stateAfter(folded, key, record?.confirmed))) continue;
    const refs = (record?.pending ?? []).filter((ref) => !left.has(nameOf(ref)));
    const rows = await tx.rows([...new Set(refs.map(({ row }) => row))]);
    const places = refs.flatMap(({ row, index }): Place[] => {
      const of = rows.get(row);
      return of ? [{ row, index, of }] : [];
    });
    if (places.some(({ of, index }) => makes(pendingOp(of, index), key))) continue;
    for (const place of places) {
      if (place.of.seal) continue;
      left.add(nameOf(place));
      leaving.push(leavingOp(place, NOTHING_TO_EDIT));
      queue.push(...madeBy(pendingOp(place.of, place.index)));
    }
  }
  return leaving;
}

/** Whether it makes its record, or may make it again. */
const isMaking = (mutation: Mutation): boolean => {
  if (mutation.kind === 'put') return mutation.isNew;
  if (mutation.kind !== 'resolve') return false;
  return mutation.conflict.field === null && mutation.take !== 'winner';
};

const madeBy = (op: { payload: string; v: number }): Mutation[] => mutationsOf(op).filter(isMaking);

const makes = (op: { payload: string; v: number }, key: RecordKey): boolean =>
  madeBy(op).some((mutation) => recordKeyOf(mutation) === key);

const nameOf = ({ row, index }: OpRef): string => `${row}:${index}`;
