/** Makes the fork that a space waits for, once nothing before it is pending. */
import {
  asClock,
  asSeq,
  DEFAULT_LIMITS,
  forkedRow,
  isDue,
  NO_PROGRESS,
  opsBefore,
  selvesAfter,
  type OutboxRow,
  type Seq,
  type Turn,
} from '../../core/index.ts';
import type { Context } from './fold-into.ts';
import type { ReplicaTx, SpaceRow } from './ports.ts';
import { rederive } from './rederive.ts';
import { newActor } from './spaces.ts';

/** The space as it is to be asked about: turned, if that is due. */
export async function turnOver(context: Context, space: SpaceRow): Promise<SpaceRow> {
  const { turn, ...rest } = space;
  if (!turn || turn.unread) return space;
  const { tx, ports } = context;
  // The clock that was spoken of turned out to be our own op, which a copy had sent with another base.
  if (turn.at <= space.progress.folded) {
    await tx.putSpaces([rest]);
    return rest;
  }
  const [first] = await tx.rowsOf(space.space, 1);
  if (!isDue(turn, first, space.progress)) return space;
  const rows = await tx.rowsOf(space.space);
  const until = await lastOwn(tx, space, rows, turn);
  const next = forked(rest, { ...turn, until }, newActor(ports));
  const turned = rows.map((row) => underNewId(row, turn, next));
  await tx.putRows(turned);
  await rederive(context, next, turned);
  return next;
}

/** A seq by which the last op under the present id is in the log. */
async function lastOwn(
  tx: ReplicaTx,
  { space, actor, cursor }: SpaceRow,
  rows: readonly OutboxRow[],
  { at }: Turn,
): Promise<Seq> {
  // Of a row that is not in the log as a whole it is not known where its first ops are.
  if (rows.some((row) => opsBefore(row, at) > (row.before ?? 0))) return cursor;
  const settled = (await tx.settledOf(space)).filter((row) => row.actor === actor);
  const last = settled.reduce((most, { seq }) => Math.max(most, seq), 0);
  return last > 0 ? asSeq(Math.min(last, cursor)) : cursor;
}

/** The replica under its new id: nothing is sealed yet, and what it was called before is kept. */
function forked(
  space: SpaceRow,
  { at, until }: Turn & { readonly until: Seq },
  actor: SpaceRow['actor'],
): SpaceRow {
  const self = { actor: space.actor, clock: asClock(at - 1), until };
  return {
    ...space,
    actor,
    progress: NO_PROGRESS,
    selves: selvesAfter(space.selves ?? [], self),
  };
}

const underNewId = (row: OutboxRow, { at }: Turn, { actor, selves = [] }: SpaceRow): OutboxRow =>
  forkedRow(row, opsBefore(row, at), { actor, selves }, DEFAULT_LIMITS);
