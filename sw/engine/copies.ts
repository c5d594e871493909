/**
 * Own ops that wait here and come from the log under another name: a copy of this device had them too,
 * and has sent them under an id of its own. They are not sent again.
 */
import {
  locate,
  pendingIndexes,
  type OutboxRow,
  type Seq,
  type SequencedOp,
} from '../../core/index.ts';
import type { Completed, Place } from './own-ops.ts';
import type { ReplicaTx, SpaceRow } from './ports.ts';
import { hasOpsInLog, syncedOutcome, withGone, type Settled } from './settle.ts';

/** Those of the ops at hand. Looks only where there may be a copy, for it reads the space's whole outbox. */
export async function copiesIn(
  tx: ReplicaTx,
  space: SpaceRow,
  own: Extract<Completed, { ok: true }>,
  ops: readonly SequencedOp[],
): Promise<Place[]> {
  const mayBeCopied = space.selves || space.turn || space.rebuilt;
  if (space.pending === 0 || !mayBeCopied || ops.length === 0) return [];
  const ours = new Set(own.own.map(({ op }) => op.seq));
  const others = ops.filter(({ seq }) => !ours.has(seq));
  if (others.length === 0) return [];
  const settling = new Set(own.own.map(({ place }) => place && nameOf(place)));
  const waiting = (await tx.rowsOf(space.space)).flatMap((of) =>
    pendingIndexes(of, space.progress).map((index) => ({
      place: { row: of.row, index, of },
      actor: of.actor,
      clock: undefined,
      at: of.at,
      payload: of.payloads[index] ?? '',
    })),
  );
  const left = waiting.filter(({ place }) => !settling.has(nameOf(place)));
  return [...locate(left, others, new Map())].flatMap(([{ place }, where]) =>
    where === 'copied' ? [place] : [],
  );
}

const nameOf = ({ row, index }: { row: number; index: number }): string => `${row}:${index}`;

/** What an answer makes of the outbox, with these out of it as well. */
export function withCopies(settled: Settled, copies: readonly Place[], cursor: Seq): Settled {
  if (copies.length === 0) return settled;
  const rows = new Map(copies.map(({ of }) => [of.row, of]));
  for (const row of settled.rows) rows.set(row.row, row);
  const touched = new Set(copies.map(({ row }) => row));
  const isTouched = ({ row }: OutboxRow): boolean => touched.has(row);
  const before = [...rows.values()].filter(isTouched);
  const after = withGone(
    before,
    copies.map((place) => ({ place, code: '' })),
  );
  const isDone = (row: OutboxRow): boolean => pendingIndexes(row, settled.progress).length === 0;
  // As a whole it is in the log: nothing of it is gone.
  const done = before
    .filter((_, i) => isDone(after[i] as OutboxRow))
    .map((row) => ({ ...row, seq: cursor }));
  return {
    ...settled,
    rows: [...rows.values()],
    done: [...settled.done.filter((row) => !isTouched(row)), ...done],
    changed: [
      ...settled.changed.filter((row) => !isTouched(row)),
      ...after.filter((row) => !isDone(row)),
    ],
    gone: [...settled.gone, ...copies.map(({ row, index }) => ({ row, index }))],
    outcomes: [...settled.outcomes, ...done.filter(hasOpsInLog).flatMap(syncedOutcome)],
  };
}
