/** The next request to the server: seals what it is about to send, and says how far we have come. */
import {
  DEFAULT_LIMITS,
  isTyping,
  lastClockOf,
  opsToSend,
  PAYLOAD_VERSIONS,
  seal,
  sentBytes,
  type Clock,
  type OutboxRow,
  type PushRequest,
  type RowId,
  type SpaceId,
} from '../../core/index.ts';
import { claimHome } from './claim.ts';
import type { Context } from './fold-into.ts';
import type { Connection, Ports, ReplicaTx, SpaceRow } from './ports.ts';
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
}

export interface RequestBounds {
  /** How many ops it may carry, of all spaces together. */
  readonly ops: number;
  readonly spaces: number;
  /** Spaces that were asked about just now: they come after the others. */
  readonly asked: ReadonlySet<SpaceId>;
}

/** Room in the request beside its ops: for its envelope, and for what is said of each space. */
const ENVELOPE_BYTES = 64 * 1024;
const SPACE_BYTES = 400;

type SentOps = ReturnType<typeof opsToSend>;

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
    await claimHome(ports, tx, session, connection.account.home);
    const meta = await ensureMeta(ports, tx, session);
    const context = { ports, tx, meta, registry: config?.registry };
    const carried = new Map<SpaceId, Clock>();
    const spaces: PushRequest['spaces'] = {};
    const all = dueSpaces(await tx.spaces(), bounds.asked);
    const due = all.slice(0, Math.min(bounds.spaces, DEFAULT_LIMITS.spacesPerRequest));
    let bytes = DEFAULT_LIMITS.bodyBytes - ENVELOPE_BYTES - due.length * SPACE_BYTES;
    let count = 0;
    for (const found of due) {
      const room = { bytes, ops: bounds.ops - count };
      const [space, ops] = await opsOf(context, found, room);
      for (const op of ops) bytes -= sentBytes(op);
      count += ops.length;
      const last = ops.at(-1);
      if (last) carried.set(space.space, last.clock);
      spaces[space.space] = spaceRequest(space, ops);
    }
    const left = all.filter(({ space }) => !bounds.asked.has(space) && !(space in spaces)).length;
    return {
      carried,
      count,
      left,
      request: { account: connection.account.account, device, spaces },
    };
  });
}

/**
 * Spaces that are followed or have something to send. Those not asked yet come first, whatever the
 * others still want: a space that never gets on must not keep another from its turn, or a drain of
 * more spaces than a request has room for would never end.
 */
function dueSpaces(rows: readonly SpaceRow[], asked: ReadonlySet<SpaceId>): SpaceRow[] {
  const rank = (row: SpaceRow): number => {
    if (asked.has(row.space)) return hasMore(row) ? 2 : 3;
    return row.pending > 0 ? 0 : 1;
  };
  return rows.filter((row) => row.followed || row.pending > 0).sort((a, b) => rank(a) - rank(b));
}

/** The space as it is asked about, and its ops that go with the request. */
async function opsOf(
  context: Context,
  found: SpaceRow,
  room: { bytes: number; ops: number },
): Promise<readonly [SpaceRow, SentOps]> {
  if (found.pending === 0 && !found.turn) return [found, []];
  const space = await turnOver(context, found);
  const now = context.ports.clock.now();
  const isHeld = isHeldBack(space, now);
  if (space.pending === 0 || isHeld || room.bytes <= 0 || room.ops <= 0) return [space, []];
  return [space, await sealNext(context.tx, space, { ...room, now })];
}

async function sealNext(
  tx: ReplicaTx,
  space: SpaceRow,
  room: { bytes: number; ops: number; now: number },
): Promise<SentOps> {
  const rows = await unsettledRows(tx, space);
  const sealed: OutboxRow[] = [];
  let last = space.progress.sealed;
  for (const row of rows) {
    // Before a turn nothing is sealed: it may have to be under another id, or of another base.
    if (!row.seal && (space.turn || isTyping(row, room.now))) break;
    const ready = row.seal ? row : seal(row, last, space.epoch);
    if (ready !== row) last = lastClockOf(ready) ?? last;
    sealed.push(ready);
  }
  const through = space.turn ? space.turn.at - 1 : Infinity;
  const ops = opsToSend(sealed, space.progress, { ...room, limits: DEFAULT_LIMITS, through });
  const sent = ops.at(-1)?.clock ?? 0;
  const changed = sealed.filter(
    (row, i) => row !== rows[i] && (row.seal?.clock ?? Infinity) <= sent,
  );
  if (changed.length > 0) {
    await tx.putRows(changed);
    const end = lastClockOf(changed.at(-1) as OutboxRow) ?? space.progress.sealed;
    await tx.putSpaces([{ ...space, progress: { ...space.progress, sealed: end } }]);
  }
  return ops;
}

/** As many rows as a request may have ops of, from the first that is not settled. */
async function unsettledRows(tx: ReplicaTx, { space, progress }: SpaceRow): Promise<OutboxRow[]> {
  const most = DEFAULT_LIMITS.opsPerSpace;
  const rows: OutboxRow[] = [];
  let after: RowId | undefined;
  while (rows.length < most) {
    const page = await tx.rowsOf(space, most, after);
    rows.push(...page.filter((row) => (lastClockOf(row) ?? Infinity) > progress.acked));
    if (page.length < most) break;
    after = page.at(-1)?.row;
  }
  return rows;
}

function spaceRequest(space: SpaceRow, ops: SentOps): PushRequest['spaces'][SpaceId] {
  return {
    actor: space.actor,
    since: space.cursor,
    ...(space.epoch !== undefined && { epoch: space.epoch, digest: space.digest }),
    ...(space.create && { create: true }),
    // What comes next cannot be folded: it is asked for only to see whether that is still so.
    ...(isTooNew(space) && { limit: 1 }),
    ...(ops.length > 0 && { ops: [...ops] }),
  };
}

/** An update may have taught us what stopped the fold. */
const isTooNew = ({ tooNew }: SpaceRow): boolean =>
  tooNew !== undefined && !PAYLOAD_VERSIONS.includes(tooNew);
