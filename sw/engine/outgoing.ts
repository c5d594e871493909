/** The next request to the server: seals what it is about to send, and says how far we have come. */
import {
  DEFAULT_LIMITS,
  lastClockOf,
  opsToSend,
  requestBytes,
  seal,
  type Clock,
  type OpToSend,
  type OutboxRow,
  type PushRequest,
  type SpaceId,
} from '../../core/index.ts';
import { claimHome } from './claim.ts';
import type { Connection, Ports, ReplicaTx, SpaceRow } from './ports.ts';

export interface Outgoing {
  readonly request: PushRequest;
  /** The last clock carried for each space that sends something: an answer settles no more. */
  readonly carried: ReadonlyMap<SpaceId, Clock>;
}

/** Room in the request beside its ops: for its envelope, and for what is said of each space. */
const ENVELOPE_BYTES = 64 * 1024;
const SPACE_BYTES = 400;

/**
 * Reads the outbox, gives a clock to each row that is about to leave, and returns the request. One
 * transaction: from here on a sealed row never changes, in flight or not.
 */
export async function prepareRequest(ports: Ports, connection: Connection): Promise<Outgoing> {
  const { device } = await ports.session.load();
  return ports.store.write(async (tx) => {
    await claimHome(ports, tx, connection.account.home);
    const carried = new Map<SpaceId, Clock>();
    const spaces: PushRequest['spaces'] = {};
    const due = dueSpaces(await tx.spaces());
    let room = DEFAULT_LIMITS.bodyBytes - ENVELOPE_BYTES - due.length * SPACE_BYTES;
    for (const space of due) {
      const ops = room > 0 && space.pending > 0 ? await sealNext(tx, space, room) : [];
      for (const op of ops) room -= requestBytes(op.payload);
      const last = ops.at(-1);
      if (last) carried.set(space.space, last.clock);
      spaces[space.space] = spaceRequest(space, ops);
    }
    return { carried, request: { account: connection.account.account, device, spaces } };
  });
}

/** Spaces that are followed or have something to send, those with something to send first. */
function dueSpaces(rows: readonly SpaceRow[]): SpaceRow[] {
  return rows
    .filter((row) => row.followed || row.pending > 0)
    .sort((a, b) => Number(b.pending > 0) - Number(a.pending > 0))
    .slice(0, DEFAULT_LIMITS.spacesPerRequest);
}

async function sealNext(tx: ReplicaTx, space: SpaceRow, room: number): Promise<OpToSend[]> {
  const rows = await tx.rowsOf(space.space, DEFAULT_LIMITS.opsPerSpace);
  const sealed: OutboxRow[] = [];
  let last = space.progress.sealed;
  let count = 0;
  for (const row of rows) {
    if (count >= DEFAULT_LIMITS.opsPerSpace) break;
    const ready = row.seal ? row : seal(row, last, space.epoch);
    if (ready !== row) last = lastClockOf(ready) ?? last;
    sealed.push(ready);
    if ((lastClockOf(ready) ?? 0) > space.progress.acked) count += row.payloads.length;
  }
  const ops = opsToSend(sealed, space.progress, DEFAULT_LIMITS, room);
  const sent = ops.at(-1)?.clock ?? 0;
  const changed = sealed.filter(
    (row, i) => row !== rows[i] && (row.seal?.clock ?? Infinity) <= sent,
  );
  if (changed.length > 0) {
    await tx.putRows(changed);
    const through = lastClockOf(changed.at(-1) as OutboxRow) ?? space.progress.sealed;
    await tx.putSpaces([{ ...space, progress: { ...space.progress, sealed: through } }]);
  }
  return ops;
}

function spaceRequest(space: SpaceRow, ops: readonly OpToSend[]): PushRequest['spaces'][SpaceId] {
  return {
    actor: space.actor,
    since: space.cursor,
    ...(space.epoch !== undefined && { epoch: space.epoch, digest: space.digest }),
    ...(space.create && { create: true }),
    ...(ops.length > 0 && { ops: [...ops] }),
  };
}
