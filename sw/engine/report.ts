/** What the engine says of itself: the status, and what became of rows that a page asks about. */
import {
  deriveStatus,
  STARTING,
  type Retry,
  type RowId,
  type RowOutcome,
  type Seq,
  type SpaceId,
  type Status,
} from '../../core/index.ts';
import {
  StorageError,
  type Ports,
  type ReplicaReads,
  type Session,
  type SpaceRow,
} from './ports.ts';

/** Reads the facts and derives the status. A database that cannot be read is itself a fact. */
export async function readStatus(ports: Ports, syncing: boolean): Promise<Status> {
  const session = await ports.session.load();
  // Before a page has said whose data this is there is nothing to tell.
  if (!session.config) return STARTING;
  const now = ports.clock.now();
  try {
    return await ports.store.read(async (tx) => statusOf(ports, session, { now, syncing }, tx));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return deriveStatus({
      ...sessionFacts(ports, session),
      ...NO_FACTS,
      now,
      syncing,
      storageFailed: true,
    });
  }
}

const NO_FACTS = {
  filling: false,
  pending: 0,
  oldestPendingAt: null,
  behind: 0,
  setAside: 0,
  conflicts: 0,
  trouble: null,
};

async function statusOf(
  ports: Ports,
  session: Session,
  { now, syncing }: { now: number; syncing: boolean },
  tx: ReplicaReads,
): Promise<Status> {
  const spaces = await tx.spaces();
  const first = await tx.firstRow();
  const followed = spaces.filter((row) => row.followed);
  const pending = sum(spaces, (row) => row.pending);
  const behind = sum(followed, (row) => Math.max(0, row.head - row.cursor));
  const troubled = spaces.find((row) => row.trouble && (row.followed || row.pending > 0));
  return deriveStatus({
    ...sessionFacts(ports, session),
    now,
    // A poll that finds nothing is no syncing: a person need not see it.
    syncing: syncing && pending + behind > 0,
    storageFailed: false,
    filling: followed.some((row) => row.cursor === 0 && row.head > 0),
    pending,
    oldestPendingAt: first?.at ?? null,
    behind,
    setAside: await tx.asideCount(),
    conflicts: await tx.openConflicts(followed.map(({ space }) => space)),
    trouble: troubled?.trouble ? { space: troubled.space, code: troubled.trouble } : null,
  });
}

function sessionFacts(ports: Ports, session: Session) {
  const { connection } = session;
  const retry: Retry | null = session.retry ?? null;
  return {
    account: connection ? { id: connection.account.account, name: connection.account.name } : null,
    paused: session.paused ?? false,
    authFailed: session.authFailed ?? false,
    updateNeeded: session.updateNeeded ?? false,
    retry,
    lastSyncedAt: session.lastSyncedAt ?? null,
    canSyncInBackground: ports.bell.worksWhenClosed,
  };
}

const sum = (rows: readonly SpaceRow[], of: (row: SpaceRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** Where each space stands, and what became of `rows`, read as of one moment. */
export function readOutcomes(ports: Ports, rows: readonly RowId[]) {
  return ports.store.read(async (tx) => {
    const cursors: Record<SpaceId, Seq> = {};
    const rebuilt: Record<SpaceId, number> = {};
    for (const row of await tx.spaces()) {
      cursors[row.space] = row.cursor;
      if (row.rebuilt) rebuilt[row.space] = row.rebuilt.times;
    }
    const waiting = await tx.rows(rows);
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(await outcomeOf(tx, row, waiting.has(row)));
    return { cursors, rebuilt, outcomes };
  });
}

async function outcomeOf(tx: ReplicaReads, row: RowId, waiting: boolean): Promise<RowOutcome> {
  const aside = await tx.aside(row);
  if (aside) return { row, kind: 'refused', code: aside.code };
  if (waiting) return { row, kind: 'pending' };
  const settled = await tx.settled(row);
  return settled ? { row, kind: 'synced', seq: settled.seq } : { row, kind: 'unknown' };
}
