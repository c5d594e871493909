/**
 * Fills what is new on this device, one space at a time, the one first that somebody waits for. Between
 * two parts of a snapshot requests go as ever once anybody asks for it: what was written meanwhile does
 * not wait for thousands of records.
 */
import { exchange, failed, type Course, type DrainEnd, type Draining } from './exchange.ts';
import { fill } from './fill.ts';
import type { SpaceRow } from './ports.ts';

/** Whether something was filled; or how the drain ends, if it does. */
export async function fillAll(
  draining: Draining,
  course: Course,
): Promise<'some' | 'none' | DrainEnd> {
  const { ports, connection, hooks } = draining;
  let filled: 'some' | 'none' = 'none';
  for (;;) {
    const row = await nextToFill(draining, course);
    if (!row) return filled;
    let over: DrainEnd | undefined;
    const goesOn = async (): Promise<boolean> => {
      over = await betweenParts(draining, course);
      return !over && (await nextToFill(draining, course))?.space === row.space;
    };
    const end = await fill(ports, connection, row.space, { onPart: hooks.onFilled, goesOn });
    if (end.kind === 'failed') return failed(draining, end.failure);
    if (end.kind === 'left') course.left.add(row.space);
    if (end.kind === 'done') {
      course.filling = course.filling.filter(({ space }) => space !== row.space);
      course.isMoving = true;
      filled = 'some';
    }
    if (end.kind === 'done' && end.adopted) await hooks.onAdopted(end.adopted);
    if (over) return over;
  }
}

/** Lets through what was asked for meanwhile. Returns how the drain ends, if it does. */
async function betweenParts(draining: Draining, course: Course): Promise<DrainEnd | undefined> {
  if (draining.hold.isLost) return { kind: 'held' };
  if (!draining.isAskedAgain()) return undefined;
  for (;;) {
    const round = await exchange(draining, course);
    if (round.kind === 'ended') return round.end;
    if (round.kind === 'taken') return round.session.paused ? { kind: 'done' } : undefined;
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
