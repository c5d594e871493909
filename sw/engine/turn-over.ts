/** Makes the fork that a space waits for, once nothing before it is pending. */
import {
  asClock,
  DEFAULT_LIMITS,
  forkedRow,
  isDue,
  NO_PROGRESS,
  opsBefore,
  selvesAfter,
  type OutboxRow,
  type Turn,
} from '../../core/index.ts';
import type { Context } from './fold-into.ts';
import type { SpaceRow } from './ports.ts';
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
  const next = forked(rest, turn, newActor(ports));
  const turned = (await tx.rowsOf(space.space)).map((row) => underNewId(row, turn, next));
  await tx.putRows(turned);
  await rederive(context, next, turned);
  return next;
}

/** The replica under its new id: nothing is sealed yet, and what it was called before is kept. */
function forked(space: SpaceRow, { at }: Turn, actor: SpaceRow['actor']): SpaceRow {
  const self = { actor: space.actor, clock: asClock(at - 1), until: space.cursor };
  return {
    ...space,
    actor,
    progress: NO_PROGRESS,
    selves: selvesAfter(space.selves ?? [], self),
  };
}

const underNewId = (row: OutboxRow, { at }: Turn, { actor, selves = [] }: SpaceRow): OutboxRow =>
  forkedRow(row, opsBefore(row, at), { actor, selves }, DEFAULT_LIMITS);
