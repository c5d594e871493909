/** The next request to the server: what it is about to send, and how far we have come. */
import {
  asClock,
  DEFAULT_LIMITS,
  PAYLOAD_VERSIONS,
  FILL_SIZES,
  sentBytes,
  type Clock,
  type PushRequest,
  type SpaceError,
  type SpaceId,
} from '../../core/index.ts';
import { claimHome } from './claim.ts';
import type { Context } from './fold-into.ts';
import { nextOps, type NextOps, type Sent } from './next-ops.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import { ensureMeta, hasMore, isHeldBack } from './spaces.ts';
import { turnOver } from './turn-over.ts';

export interface Outgoing {
  readonly request: PushRequest;
  /** The last clock carried for each space that sends something: an answer settles no more. */
  readonly carried: ReadonlyMap<SpaceId, Clock>;
  /** How many ops it carries, of all spaces together. */
  readonly count: number;
  /** Followed spaces that found no room in it. */
  readonly left: number;
  /** How far it goes in spaces that have more to send: of these only what is settled is asked for. */
  readonly sent: ReadonlyMap<SpaceId, Sent>;
}

export interface RequestBounds {
  /** How many ops it may carry, of all spaces together. */
  readonly ops: number;
  readonly spaces: number;
  /** Spaces that were asked about just now: they come after the others. */
  readonly asked: ReadonlySet<SpaceId>;
  /** How far the requests before have gone, settled or about to be. */
  readonly sent: ReadonlyMap<SpaceId, Sent>;
}

type Asked = NonNullable<PushRequest['spaces'][SpaceId]>;

/** Room in the request beside its ops: for its envelope, and for what is said of each space. */
const ENVELOPE_BYTES = 64 * 1024;
const SPACE_BYTES = 400;

/**
 * Reads the outbox, gives a clock to each row that is about to leave, and returns the request. One
 * transaction: from here on a sealed row never changes, in flight or not.
 */
export async function prepareRequest(
  ports: Ports,
  connection: Connection,
  bounds: RequestBounds,
): Promise<Outgoing> {
  const session = await ports.session.load();
  const { device, config } = session;
  return ports.store.write(async (tx) => {
    // Read beside one another; what claiming the home changes of them is known to the transaction.
    await Promise.all([claimHome(ports, tx, session, connection.account.home), tx.spaces()]);
    const meta = await ensureMeta(ports, tx, session);
    const context = { ports, tx, meta, registry: config?.registry };
    const carried = new Map<SpaceId, Clock>();
    const sent = new Map<SpaceId, Sent>();
    const spaces: PushRequest['spaces'] = {};
    const all = dueSpaces(await tx.spaces(), bounds.asked);
    const due = all.slice(0, Math.min(bounds.spaces, DEFAULT_LIMITS.spacesPerRequest));
    let bytes = DEFAULT_LIMITS.bodyBytes - ENVELOPE_BYTES - due.length * SPACE_BYTES;
    let count = 0;
    for (const found of due) {
      const room = { bytes, ops: bounds.ops - count };
      const before = bounds.sent.get(found.space);
      const [space, next] = await opsOf(context, found, room, before);
      for (const op of next.ops) bytes -= sentBytes(op);
      count += next.ops.length;
      const last = next.ops.at(-1);
      if (last) carried.set(space.space, last.clock);
      if (next.sent && maySendAhead(space)) sent.set(space.space, next.sent);
      const have = settledHere(space, before);
      const asked = sent.has(space.space) ? { acksOnly: true } : have && { have };
      spaces[space.space] = { ...spaceRequest(ports, space, next.ops), ...asked };
    }
    const left = all.filter(({ space }) => !bounds.asked.has(space) && !(space in spaces)).length;
    return {
      carried,
      count,
      left,
      sent,
      request: { account: connection.account.account, device, spaces },
    };
  });
}

/**
 * Spaces that are followed, have something to send, or have a trouble that ends by asking. Those not
 * asked yet come first, whatever the others still want: a space that never gets on must not keep
 * another from its turn, or a drain of more spaces than a request has room for would never end.
 */
function dueSpaces(rows: readonly SpaceRow[], asked: ReadonlySet<SpaceId>): SpaceRow[] {
  const rank = (row: SpaceRow): number => {
    if (asked.has(row.space)) return hasMore(row) ? 2 : 3;
    return row.pending > 0 ? 0 : 1;
  };
  const isDue = ({ followed, pending, trouble }: SpaceRow): boolean =>
    followed || pending > 0 || ENDS_BY_ASKING.has(trouble ?? '');
  return rows.filter(isDue).sort((a, b) => rank(a) - rank(b));
}

/**
 * What is forbidden may have been taken back: until that is heard nothing is written there. And what was
 * to be built anew, and could not be fetched, is told so again.
 */
const ENDS_BY_ASKING: ReadonlySet<string> = new Set<SpaceError['code']>([
  'forbidden',
  'epoch_changed',
  'cursor_ahead',
  'cursor_expired',
  'digest_mismatch',
  'clock_gap',
]);

/** The space as it is asked about, and its ops that go with the request. */
async function opsOf(
  context: Context,
  found: SpaceRow,
  room: { bytes: number; ops: number },
  before: Sent | undefined,
): Promise<readonly [SpaceRow, NextOps]> {
  if (found.pending === 0 && !found.turn) return [found, NO_OPS];
  const space = await turnOver(context, found);
  const now = context.ports.clock.now();
  const isHeld = space.filling?.isFenced ?? isHeldBack(space, now);
  if (space.pending === 0 || isHeld || room.bytes <= 0 || room.ops <= 0) return [space, NO_OPS];
  return [space, await nextOps(context.tx, space, { ...room, now }, before)];
}

const NO_OPS: NextOps = { ops: [] };

/**
 * Whether what comes back may wait until all is sent: only where nothing is amiss, and the log is known.
 * A row of the database costs more than a place in a request, and folding is many of them.
 */
const maySendAhead = ({ turn, trouble, tooNew, epoch, create }: SpaceRow): boolean =>
  !turn && trouble === undefined && tooNew === undefined && epoch !== undefined && !create;

function spaceRequest(
  { fillSizes = FILL_SIZES }: Ports,
  space: SpaceRow,
  ops: NextOps['ops'],
): Asked {
  return {
    actor: space.actor,
    since: space.cursor,
    ...(space.epoch !== undefined && { epoch: space.epoch, digest: space.digest }),
    ...(space.create && { create: true }),
    // Of the snapshot that is coming: a server that was restored meanwhile takes nothing then.
    ...(space.filling?.of && { epoch: space.filling.of.epoch }),
    ...(space.filling && { acksOnly: true }),
    // Where there are more, a snapshot may be cheaper than they all, and has those too.
    ...(isNew(space) && { limit: fillSizes.replayed, whole: true }),
    // What comes next cannot be folded: it is asked for only to see whether that is still so.
    ...(isTooNew(space) && { limit: 1 }),
    ...(ops.length > 0 && { ops: [...ops] }),
  };
}

const isNew = ({ epoch, filling }: SpaceRow): boolean => epoch === undefined && !filling;

/**
 * The clocks that are settled and not folded yet: what is in the log under them is what waits here,
 * since the server compared each when it came. In a history that was built anew copies of this device
 * may have brought them; and where the digest was another one, the ops themselves are to say why.
 */
function settledHere(
  { actor, progress: { acked, folded }, rebuilt, trouble }: SpaceRow,
  before: Sent | undefined,
) {
  const to = before?.actor === actor ? asClock(Math.max(acked, before.clock)) : acked;
  if (to <= folded || rebuilt || trouble !== undefined) return undefined;
  return { from: asClock(folded + 1), to };
}

/** An update may have taught us what stopped the fold. */
const isTooNew = ({ tooNew }: SpaceRow): boolean =>
  tooNew !== undefined && !PAYLOAD_VERSIONS.includes(tooNew);
