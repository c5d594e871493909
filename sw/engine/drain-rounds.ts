/**
 * The rounds of one drain: each sends what is due and takes in what is answered, and says whether
 * there is to be another. What is kept from one to the next may be lost at any time.
 */
import type { Failure, SpaceId } from '../../core/index.ts';
import { adopt } from './adopt.ts';
import {
  beginCourse,
  exchange,
  failed,
  type Course,
  type DrainEnd,
  type Draining,
  type Exchange,
} from './exchange.ts';
import { fillAll } from './fill-all.ts';
import { fetchFor, type Rebuilding } from './rebuild.ts';

export async function drainRounds(draining: Draining): Promise<DrainEnd> {
  const course = beginCourse(draining);
  for (;;) {
    const round = await exchange(draining, course);
    if (round.kind === 'again') continue;
    const failure = round.kind === 'taken' ? await round.ahead?.goOn() : undefined;
    if (failure) return failed(draining, failure);
    const end = round.kind === 'taken' ? await follow(draining, course, round) : round.end;
    if (end) return end;
  }
}

/** Does what follows from an answer that is in. Returns how the drain ends, if it does. */
async function follow(
  draining: Draining,
  course: Course,
  { outgoing, absorbed, session, isGuilty }: Extract<Exchange, { kind: 'taken' }>,
): Promise<DrainEnd | undefined> {
  const rebuilding = absorbed.rebuilding.filter(({ row }) => isWorthTrying(course, row.space));
  const turned = absorbed.turned.filter((space) => isWorthTrying(course, space));
  const failure = await rebuildAll(draining, rebuilding);
  if (failure) return failed(draining, failure);
  const filled = session.paused ? 'none' : await fillAll(draining, course);
  if (typeof filled === 'object') return filled;
  course.isMoving ||= absorbed.advanced || turned.length > 0;
  const goesOn =
    (absorbed.more && course.isMoving) ||
    absorbed.followed.some((space) => !course.asked.has(space)) ||
    isGuilty ||
    filled === 'some' ||
    rebuilding.length > 0 ||
    outgoing.left > 0;
  if (session.paused || !goesOn) return { kind: 'done' };
  if (outgoing.left === 0) course.isMoving = false;
  return undefined;
}

/** A server that sends us from one history or name to the next without end must not keep us going round. */
function isWorthTrying({ turns }: Course, space: SpaceId): boolean {
  const times = (turns.get(space) ?? 0) + 1;
  turns.set(space, times);
  return times <= MOST_TURNS;
}
const MOST_TURNS = 2;

/** Builds these replicas anew; a failure of the exchange ends it, and the rest is found again later. */
async function rebuildAll(
  { ports, hooks, connection }: Draining,
  rebuilding: readonly Rebuilding[],
): Promise<Failure | undefined> {
  for (const one of rebuilding) {
    const { of, fetched } = await fetchFor(ports, connection, one, hooks.onFetched);
    if (!fetched.ok && fetched.failure) return fetched.failure;
    if (!fetched.ok && fetched.updateNeeded) await ports.session.save({ updateNeeded: true });
    const adopted = fetched.ok ? await adopt(ports, of, fetched.state) : undefined;
    if (adopted) await hooks.onAdopted(adopted);
  }
  return undefined;
}
