/**
 * Filling a new replica from its space's snapshot: a stream of lines into many small transactions, each
 * with how far it has come (put-part.ts), so that whoever is cut off goes on there. Until the last line
 * is in and counted the cursor stays where it was, and nothing of the log is folded.
 */
import {
  begunFrom,
  endOf,
  FILL_SIZES,
  filledBy,
  NOT_BEGUN,
  toFetch,
  type Failure,
  type Filled,
  type Filling,
  type SpaceId,
} from '../../core/index.ts';
import type { Adopted } from './adopt.ts';
import { isOfVersion } from './exchange-notes.ts';
import { CUT_OFF, NOT_OURS } from './fetch-snapshot.ts';
import { beginAnew, finish, putPart, replay, type Place } from './put-part.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import { isHeader } from './snapshot-text.ts';

/** How it ended. What has come stays, but for a snapshot that is at fault or gone. */
export type FillEnd =
  /** Filled; or there is no snapshot, and the log is to be replayed. */
  | { readonly kind: 'done'; readonly adopted?: Adopted }
  /** Nothing more can be done about it now, and the other spaces go on. */
  | { readonly kind: 'left' }
  /** Something else comes first. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface FillHooks {
  /** Another part is in. */
  onPart(): Promise<void>;
  /** Called whenever lines came; false where something else comes first. */
  goesOn(): Promise<boolean>;
}

const LEFT: FillEnd = { kind: 'left' };
const CUT: FillEnd = { kind: 'failed', failure: CUT_OFF };
const AT_FAULT: FillEnd = { kind: 'failed', failure: NOT_OURS };

/** Goes on with a space that is being filled. */
export async function fill(
  ports: Ports,
  connection: Connection,
  space: SpaceId,
  hooks: FillHooks,
): Promise<FillEnd> {
  const row = await ports.store.read((tx) => tx.space(space));
  if (!row?.filling) return LEFT;
  const from = toFetch(row.filling);
  const pass = createPass(ports, { ...row, filling: row.filling }, hooks);
  const answer = await ports.transport.bootstrap(connection, space, { from, take: pass.take });
  const end = await pass.end();
  if (end !== 'cut') return end;
  if (answer.ok) return CUT;
  const { failure } = answer;
  if (failure.kind !== 'refused') return { kind: 'failed', failure };
  if (from && failure.code === 'no_such_snapshot') {
    const isOurs = await beginAnew(ports, pass.place);
    return isOurs ? fill(ports, connection, space, hooks) : LEFT;
  }
  if (isOfVersion(failure)) await ports.session.save({ updateNeeded: true });
  return LEFT;
}

/** A part of longer lines has fewer of them. In characters. */
const MOST_TEXT = 512 * 1024;

interface Pass {
  readonly place: Place;
  take(lines: readonly string[]): Promise<boolean>;
  /** What it came to once no more lines come: cut off, where it is not at its end. */
  end(): Promise<FillEnd | 'cut'>;
}

/** One answer's lines, as they are gathered to parts. */
function createPass(
  ports: Ports,
  { space, actor, filling }: SpaceRow & { readonly filling: Filling },
  hooks: FillHooks,
): Pass {
  /** As it is stored. */
  let stored = filling;
  /** With the header, which is stored with the first part. */
  let at = filling;
  let waiting: string[] = [];
  let text = 0;
  const { fillSizes: sizes = FILL_SIZES } = ports;
  let most = sizes.fewest;
  let isResumed = filling.of !== undefined;
  let isInterrupted = false;
  let ended: (() => Promise<FillEnd>) | undefined;
  /** The part on its way to the disk: the next is read meanwhile, and begins when that is over. */
  let storing: Promise<void> = Promise.resolve();

  const place = (): Place => ({ space, at: stored });
  const wrong = async (): Promise<FillEnd> => ((await beginAnew(ports, place())) ? AT_FAULT : LEFT);

  function takeHeader(line: string): void {
    const begun = begunFrom(at, line);
    if (typeof begun === 'number') ended = () => tooNew(ports);
    else if (typeof begun === 'string' || begun.of?.space !== space) ended = async () => AT_FAULT;
    else if (begun.of.seq === 0) ended = () => replay(ports, place(), begun.of?.epoch);
    else at = begun;
  }

  /** The server does not know how to go on with a snapshot, and sends the newest from its start. */
  async function restart(): Promise<void> {
    await storing;
    if (await beginAnew(ports, place())) stored = at = { ...NOT_BEGUN, isAnew: true };
    else ended = async () => LEFT;
  }

  async function store(): Promise<void> {
    const lines = waiting;
    if (lines.length === 0 || !at.of) return;
    waiting = [];
    text = 0;
    most = Math.min(2 * most, sizes.most);
    const filled = filledBy({ ...at, of: at.of }, lines, actor);
    if (typeof filled !== 'string') at = filled.filling;
    await storing;
    if (ended) return;
    if (typeof filled === 'string') ended = wrong;
    else storing = put(filled).catch(thrown);
  }

  async function put(filled: Filled): Promise<void> {
    if (!(await putPart(ports, place(), filled))) ended = async () => LEFT;
    else {
      stored = filled.filling;
      await hooks.onPart();
    }
  }

  /** Of the storage, and not of the network that asked for it. */
  function thrown(error: unknown): void {
    ended = (): never => {
      throw error;
    };
  }

  async function takeLine(line: string): Promise<void> {
    if (isResumed && isHeader(line)) await restart();
    isResumed = false;
    if (at.of) {
      waiting.push(line);
      text += line.length;
    } else if (!ended) takeHeader(line);
    if (waiting.length >= most || text >= MOST_TEXT) await store();
  }

  return {
    get place() {
      return place();
    },

    async take(lines) {
      try {
        for (const line of lines) {
          await takeLine(line);
          if (ended) return false;
        }
        isInterrupted = !(await hooks.goesOn());
        return !isInterrupted;
      } catch (error) {
        thrown(error);
        return false;
      }
    },

    async end() {
      if (!ended) await store();
      await storing;
      if (ended) return ended();
      const how = endOf(at);
      if (how === 'cut') return isInterrupted ? { kind: 'interrupted' } : how;
      return how === 'whole' ? finish(ports, place(), at) : wrong();
    },
  };
}

async function tooNew(ports: Ports): Promise<FillEnd> {
  await ports.session.save({ updateNeeded: true });
  return LEFT;
}
