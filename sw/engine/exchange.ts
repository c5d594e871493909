/**
 * One request of a drain and its answer: what it sends, what is taken in, and what one tells the next.
 * What follows from an answer is for drain-rounds.ts.
 */
import type { Failure, PushAnswer, SpaceId } from '../../core/index.ts';
import { absorb, type Absorbed } from './absorb.ts';
import type { Adopted } from './adopt.ts';
import { noteFailure, noteSuccess } from './exchange-notes.ts';
import type { OnCame } from './fetch-snapshot.ts';
import { createForesight, type Foresight } from './foresight.ts';
import { prepareRequest, type Outgoing } from './outgoing.ts';
import type { Connection, Hold, Ports, Session, SpaceRow } from './ports.ts';
import { readAhead, type Ahead } from './read-ahead.ts';
import type { Sizing } from './sizing.ts';
import type { StoreWatch } from './watch-store.ts';

/** Why a drain ended: nothing more to do, held back by the session's state, or a failure. */
export type DrainEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'held' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RoundHooks {
  /** A new replica has come further, or there is another. */
  onFilled(): Promise<void>;
  /** More has come of the state that one is built anew from. */
  onFetched: OnCame;
  onAbsorbed(absorbed: Pick<Absorbed, 'applied' | 'outcomes'>): Promise<void>;
  onAdopted(adopted: Adopted): Promise<void>;
}

/** Who asks for a drain while one is at work. */
export interface Asked {
  /** Whether somebody has, since this was last called. */
  take(): boolean;
  /** Resolves when somebody does, or has. */
  again(): Promise<void>;
}

/** What the rounds are done with. */
export interface Draining {
  readonly ports: Ports;
  readonly hooks: RoundHooks;
  readonly watch: StoreWatch;
  readonly hold: Hold;
  readonly connection: Connection;
  readonly sizing: Sizing;
  readonly asked: Asked;
  /** A person or a change of the network asked for it. */
  readonly force: boolean;
  /** The spaces that a person has open, the last opened first. */
  readonly opened: () => readonly string[];
}

/** What one round tells the next. */
export interface Course {
  readonly asked: Set<SpaceId>;
  /** How often each was turned to another history or name. */
  readonly turns: Map<SpaceId, number>;
  readonly foresight: Foresight;
  /** Whether anything got on since all spaces were asked about. */
  isMoving: boolean;
  /** Whether it is noted that the server is there. */
  isNoted: boolean;
  /** Spaces that are being filled. */
  filling: readonly SpaceRow[];
  /** Those of them about which nothing more can be done in this drain. */
  readonly left: Set<SpaceId>;
}

export function beginCourse({ ports, connection, sizing }: Draining): Course {
  const asked = new Set<SpaceId>();
  const foresight = createForesight((sent, before) => {
    const bounds = before ? sizing.boundsAfter(before) : sizing.bounds;
    return prepareRequest(ports, connection, { ...bounds, asked, sent });
  });
  return {
    asked,
    turns: new Map(),
    foresight,
    isMoving: false,
    isNoted: false,
    filling: [],
    left: new Set(),
  };
}

/** What one request came to. */
export type Exchange =
  | {
      readonly kind: 'taken';
      readonly outgoing: Outgoing;
      readonly absorbed: Absorbed;
      readonly session: Session;
      readonly isGuilty: boolean;
      /** What follows in the log is on its way. */
      readonly ahead: Ahead | undefined;
    }
  /** It failed, and is worth trying again in another size. */
  | { readonly kind: 'again' }
  | { readonly kind: 'ended'; readonly end: DrainEnd };

/** Sends what is due, and takes in the answer. */
export async function exchange(draining: Draining, course: Course): Promise<Exchange> {
  const { ports, hold, connection, sizing } = draining;
  const { asked, foresight } = course;
  // A page that was frozen in mid-drain wakes up here: somebody else drains by now.
  if (hold.isLost) return HELD;
  const outgoing = await foresight.take();
  // No transaction is open across the request: a worker frozen in mid-fetch must not hold the database.
  const answering = ports.transport.push(connection, outgoing.request);
  for (const space of Object.keys(outgoing.request.spaces)) asked.add(space as SpaceId);
  const answer = await foresight.during(outgoing, answering);
  if (answer.ok) return takeIn(draining, course, outgoing, answer.value);
  // That a request ended with the page being frozen says nothing of the network that others use.
  if (hold.isLost) return HELD;
  foresight.forget();
  if (await sizing.failed(ports, outgoing, answer.failure)) return { kind: 'again' };
  return { kind: 'ended', end: await failed(draining, answer.failure) };
}

const HELD: Exchange = { kind: 'ended', end: { kind: 'held' } };

async function takeIn(
  draining: Draining,
  course: Course,
  outgoing: Outgoing,
  answer: PushAnswer,
): Promise<Exchange> {
  const { ports, hooks, watch, sizing } = draining;
  // While a new replica is filled its log is not folded, nor where that waits for an update.
  const isFolding = course.filling.length === 0 && !(await isTooOld(ports));
  const ahead = isFolding ? readAhead(draining, outgoing.request, answer) : undefined;
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
  // A list of which the pages have just heard is not here yet, and they are to know.
  if (absorbed.followed.some((space) => !course.asked.has(space))) await hooks.onFilled();
  course.isNoted = true;
  course.filling = absorbed.filling;
  return { kind: 'taken', outgoing, absorbed, session, isGuilty: guilty.length > 0, ahead };
}

/** While there is still something to build anew or to fill, nothing says that this version can. */
async function noteAnswer({ ports, sizing }: Draining, absorbed: Absorbed): Promise<Session> {
  const fetched = absorbed.rebuilding.length + absorbed.filling.length;
  const isHeld = fetched > 0 && (await isTooOld(ports));
  return noteSuccess(ports, absorbed.updateNeeded || isHeld, sizing.most);
}

const isTooOld = async ({ session }: Ports): Promise<boolean> =>
  (await session.load()).updateNeeded ?? false;

export async function failed(
  { ports, connection, sizing, force: isAnew }: Draining,
  failure: Failure,
): Promise<DrainEnd> {
  await noteFailure(ports, connection, failure, { most: sizing.most, isAnew });
  return { kind: 'failed', failure };
}
