/**
 * The rounds of one drain: each sends what is due and takes in what is answered, and says whether
 * there is to be another. What is kept from one to the next may be lost at any time.
 */
import type { Failure, PushAnswer, SpaceId } from '../../core/index.ts';
import { absorb, type Absorbed } from './absorb.ts';
import { adopt, type Adopted } from './adopt.ts';
import { noteFailure, noteSuccess } from './exchange-notes.ts';
import { createForesight, type Foresight } from './foresight.ts';
import { prepareRequest, type Outgoing } from './outgoing.ts';
import type { Connection, Hold, Ports, Session } from './ports.ts';
import { fetchFor, type Rebuilding } from './rebuild.ts';
import type { Sizing } from './sizing.ts';
import type { StoreWatch } from './watch-store.ts';

/** Why a drain ended: nothing more to do, held back by the session's state, or a failure. */
export type DrainEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RoundHooks {
  onAbsorbed(absorbed: Pick<Absorbed, 'applied' | 'outcomes'>): Promise<void>;
  onAdopted(adopted: Adopted): Promise<void>;
}

/** What the rounds are done with. */
export interface Draining {
  readonly ports: Ports;
  readonly hooks: RoundHooks;
  readonly watch: StoreWatch;
  readonly hold: Hold;
  readonly connection: Connection;
  readonly sizing: Sizing;
}

/** What one round tells the next. */
interface Course {
  readonly asked: Set<SpaceId>;
  /** How often each was turned to another history or name. */
  readonly turns: Map<SpaceId, number>;
  readonly foresight: Foresight;
  /** Whether anything got on since all spaces were asked about. */
  isMoving: boolean;
  /** Whether it is noted that the server is there. */
  isNoted: boolean;
}

export async function drainRounds(draining: Draining): Promise<DrainEnd> {
  const { ports, hold, connection, sizing } = draining;
  const course = beginCourse(draining);
  const { asked, foresight } = course;
  for (;;) {
    // A page that was frozen in mid-drain wakes up here: somebody else drains by now.
    if (hold.isLost) return { kind: 'held' };
    const outgoing = await foresight.take();
    // No transaction is open across the request: a worker frozen in mid-fetch must not hold the database.
    const answering = ports.transport.push(connection, outgoing.request);
    for (const space of Object.keys(outgoing.request.spaces)) asked.add(space as SpaceId);
    const answer = await foresight.during(outgoing, answering);
    if (answer.ok) {
      const end = await takeIn(draining, course, outgoing, answer.value);
      if (end) return end;
      continue;
    }
    // That a request ended with the page being frozen says nothing of the network that others use.
    if (hold.isLost) return { kind: 'held' };
    foresight.forget();
    if (!(await sizing.failed(ports, outgoing, answer.failure)))
      return failed(draining, answer.failure);
  }
}

function beginCourse({ ports, connection, sizing }: Draining): Course {
  const asked = new Set<SpaceId>();
  const foresight = createForesight((sent, before) => {
    const bounds = before ? sizing.boundsAfter(before) : sizing.bounds;
    return prepareRequest(ports, connection, { ...bounds, asked, sent });
  });
  return { asked, turns: new Map(), foresight, isMoving: false, isNoted: false };
}

/** Takes the answer in and does what follows from it. Returns how the drain ends, if it does. */
async function takeIn(
  draining: Draining,
  course: Course,
  outgoing: Outgoing,
  answer: PushAnswer,
): Promise<DrainEnd | undefined> {
  const { ports, hooks, watch, sizing } = draining;
  const absorbed = await absorb(ports, outgoing, answer);
  const guilty = await sizing.succeeded(ports, outgoing);
  if (absorbed.advanced) watch.hasStored();
  const isForeseen = absorbed.onlyAcks && guilty.length === 0;
  if (!isForeseen) course.foresight.forget();
  const [session] = await Promise.all([
    // Of many that only settle one says that the server is there.
    isForeseen && course.isNoted ? ports.session.load() : noteAnswer(draining, absorbed),
    hooks.onAbsorbed({ ...absorbed, outcomes: [...absorbed.outcomes, ...guilty] }),
  ]);
  course.isNoted = true;
  const rebuilding = absorbed.rebuilding.filter(({ row }) => isWorthTrying(course, row.space));
  const turned = absorbed.turned.filter((space) => isWorthTrying(course, space));
  const failure = await rebuildAll(draining, rebuilding);
  if (failure) return failed(draining, failure);
  course.isMoving ||= absorbed.advanced || turned.length > 0;
  const goesOn =
    (absorbed.more && course.isMoving) ||
    absorbed.followed.some((space) => !course.asked.has(space)) ||
    guilty.length > 0 ||
    rebuilding.length > 0 ||
    outgoing.left > 0;
  if (session.paused || !goesOn) return { kind: 'done' };
  if (outgoing.left === 0) course.isMoving = false;
  return undefined;
}

/** While there is still something to build anew, nothing says that this version can. */
async function noteAnswer({ ports, sizing }: Draining, absorbed: Absorbed): Promise<Session> {
  const isHeld = absorbed.rebuilding.length > 0 && (await isTooOld(ports));
  return noteSuccess(ports, absorbed.updateNeeded || isHeld, sizing.most);
}

const isTooOld = async ({ session }: Ports): Promise<boolean> =>
  (await session.load()).updateNeeded ?? false;

async function failed(
  { ports, connection, sizing }: Draining,
  failure: Failure,
): Promise<DrainEnd> {
  await noteFailure(ports, connection, failure, sizing.most);
  return { kind: 'failed', failure };
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
    const { of, fetched } = await fetchFor(ports, connection, one);
    if (!fetched.ok && fetched.failure) return fetched.failure;
    if (!fetched.ok && fetched.updateNeeded) await ports.session.save({ updateNeeded: true });
    const adopted = fetched.ok ? await adopt(ports, of, fetched.state) : undefined;
    if (adopted) await hooks.onAdopted(adopted);
  }
  return undefined;
}
