/**
 * Fills what is new on this device, one space at a time, the one first that somebody waits for. Beside
 * it requests go as ever once anybody asks for it: what was written meanwhile does not wait for thousands
 * of records.
 */
import { exchange, failed, type Course, type DrainEnd, type Draining } from './exchange.ts';
import { isOfToken } from './exchange-notes.ts';
import { fill, type FillEnd } from './fill.ts';
import type { SpaceRow } from './ports.ts';

/** Whether something was filled; or how the drain ends, if it does. */
export async function fillAll(
  draining: Draining,
  course: Course,
): Promise<'some' | 'none' | DrainEnd> {
  let filled: 'some' | 'none' = 'none';
  for (;;) {
    const row = await nextToFill(draining, course);
    if (!row) return filled;
    const { end, over } = await fillOne(draining, course, row);
    if (end.kind === 'left') course.left.add(row.space);
    if (end.kind === 'done') {
      course.filling = course.filling.filter(({ space }) => space !== row.space);
      course.isMoving = true;
      filled = 'some';
      if (end.adopted) await draining.hooks.onAdopted(end.adopted);
    }
    // Of two failures at once the token's stays: it is noted behind the other.
    if (end.kind === 'failed' && (!over || (over.kind === 'failed' && isRefused(end))))
      return failed(draining, end.failure);
    if (over) return over;
  }
}

/** Goes on with one space until that ends or gives way; `over`: how the drain ends, if it does. */
async function fillOne(
  draining: Draining,
  course: Course,
  { space }: SpaceRow,
): Promise<{ readonly end: FillEnd; readonly over?: DrainEnd | undefined }> {
  const { ports, connection, hold, hooks } = draining;
  let isOver = false;
  const goesOn = async (): Promise<boolean> =>
    !isOver && !hold.isLost && (await nextToFill(draining, course))?.space === space;
  const filling = fill(ports, connection, space, { onPart: hooks.onFilled, goesOn });
  const ended = filling.finally(() => (isOver = true));
  const beside = exchangeBeside(draining, course, { ended, isOver: () => isOver });
  const stopped = beside.finally(() => (isOver = true));
  // What only a person ends is told at once: the other may wait for its answer for long.
  const told = ended.then(async (end) => {
    if (!isRefused(end)) return;
    await failed(draining, end.failure);
    await hooks.onFilled();
  });
  // What fails in the one ends the other first: nothing goes on when the lock is given back.
  const [end, over] = await Promise.allSettled([ended, stopped, told]);
  if (end.status === 'rejected') throw end.reason;
  if (over.status === 'rejected') throw over.reason;
  return { end: end.value, over: over.value ?? (hold.isLost ? { kind: 'held' } : undefined) };
}

const isRefused = (end: FillEnd): end is Extract<FillEnd, { kind: 'failed' }> =>
  end.kind === 'failed' && isOfToken(end.failure);

/** Lets through what is asked for, until it is over. Returns how the drain ends, if it does. */
async function exchangeBeside(
  draining: Draining,
  course: Course,
  filling: { readonly ended: Promise<unknown>; readonly isOver: () => boolean },
): Promise<DrainEnd | undefined> {
  const { asked } = draining;
  let isAgain = false;
  for (;;) {
    if (filling.isOver()) return undefined;
    if (!isAgain && !asked.take()) {
      await Promise.race([asked.again(), filling.ended]);
      continue;
    }
    const round = await exchange(draining, course);
    if (round.kind === 'ended') return round.end;
    if (round.kind === 'taken' && round.session.paused) return { kind: 'done' };
    isAgain = round.kind === 'again';
  }
}

/**
 * The home first, for what else there is stands in it; then what a person has open, or has written in;
 * then the rest, the smallest first.
 */
async function nextToFill(
  { ports, opened }: Draining,
  { filling, left }: Course,
): Promise<SpaceRow | undefined> {
  const rows = filling.filter(({ space }) => !left.has(space));
  if (rows.length < 2) return rows[0];
  const meta = await ports.store.read((tx) => tx.meta());
  const open = opened();
  const rank = ({ space, pending }: SpaceRow): number => {
    if (space === meta?.home) return -1;
    const place = open.indexOf(space);
    return place < 0 ? open.length + (pending > 0 ? 0 : 1) : place;
  };
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.head - b.head)[0];
}
