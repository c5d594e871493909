/** What the engine says of itself: the status, and what became of rows that a page asks about. */
import {
  allAway,
  amountOf,
  deriveStatus,
  firstRowOf,
  markAfter,
  NOT_BEGUN,
  STARTING,
  storageStateOf,
  type Filling,
  type Marked,
  type ReplicaMark,
  type Retry,
  type RowId,
  type RowOutcome,
  type Seq,
  type SpaceId,
  type Status,
  type StorageFault,
  type StorageFigures,
} from '../../core/index.ts';
import {
  StorageError,
  type Ports,
  type ReplicaReads,
  type Session,
  type SpaceRow,
} from './ports.ts';

/** The status, and what is to be remembered of the replica that was found, where that is news. */
export interface Reading {
  readonly status: Status;
  readonly marked?: Marked | undefined;
  readonly before?: ReplicaMark | undefined;
}

/** Reads the facts and derives the status. A database that cannot be read is itself a fact. */
export async function readStatus(ports: Ports, around: Around): Promise<Reading> {
  try {
    const session = await ports.session.load();
    // Before a page has said whose data this is there is nothing to tell.
    const { config, replica, lost, salvaged } = session;
    if (!config) return { status: STARTING };
    const facts = sessionFacts(ports, session, around);
    const { status, found } = await readReplica(ports, facts, around);
    // One that is being deleted on purpose is not lost.
    if (!found || salvaged) return { status };
    const marks = { ...(replica && { mark: replica }), ...(lost && { lost }) };
    const marked = markAfter(marks, { name: config.name, ...found }, facts.now);
    return { status, marked, before: replica };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    // Not even whose data it is can be read: what was told last still holds, but for this.
    return { status: { ...around.last, phase: 'storage-failed', storageFault: error.fault } };
  }
}

async function readReplica(ports: Ports, facts: SessionFacts, around: Around) {
  try {
    return await ports.store.read(async (tx) => {
      const [meta, status] = await Promise.all([tx.meta(), statusOf(facts, around, tx)]);
      const generation = meta && { generation: meta.generation ?? 0 };
      // What the server refused is nowhere else either.
      return { status, found: { ...generation, pending: status.pending + status.setAside } };
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const { syncing, last } = around;
    const { fault: storageFault } = error;
    return {
      status: deriveStatus({ ...last, ...facts, isFilling: false, syncing, storageFault }),
      found: undefined,
    };
  }
}

/** What the engine knows beside its stores. */
export interface Around {
  readonly syncing: boolean;
  /** How much has come of the states that spaces are being built anew from. */
  readonly fetching: ReadonlyMap<SpaceId, Filling>;
  readonly fault: StorageFault | null;
  readonly figures: StorageFigures | null;
  /** What was told last: what waits does not go away with the database that cannot be read. */
  readonly last: Status;
}

async function statusOf(
  facts: SessionFacts,
  { syncing, fetching }: Around,
  tx: ReplicaReads,
): Promise<Status> {
  // All at once: a write that comes meanwhile waits for this transaction.
  const [spaces, first, setAside, conflicts, former] = await Promise.all([
    tx.spaces(),
    tx.firstRow(),
    tx.asideCount(),
    tx.openConflicts(),
    tx.formerCount(),
  ]);
  const followed = spaces.filter((row) => row.followed);
  const filling = new Map(
    followed.flatMap((row) => {
      const unheard = facts.account && isUnheardOf(row) ? NOT_BEGUN : undefined;
      const one = row.filling ?? fetching.get(row.space) ?? unheard;
      return one ? [[row.space, one] as const] : [];
    }),
  );
  const pending = sum(spaces, (row) => row.pending);
  const behind = sum(followed, (row) => Math.max(0, row.head - row.cursor));
  const troubled = spaces.filter((row) => row.followed || row.pending > 0).flatMap(troubleOf);
  return deriveStatus({
    ...facts,
    // A poll that finds nothing is no syncing: a person need not see it.
    syncing: syncing && (pending + behind > 0 || filling.size > 0),
    isFilling: filling.size > 0 || followed.some((row) => row.cursor === 0 && row.head > 0),
    filling: filling.size > 0 ? amountOf(filling) : null,
    pending,
    oldestPendingAt: first?.at ?? null,
    behind,
    setAside,
    conflicts: sum(followed, ({ space }) => conflicts.get(space) ?? 0),
    trouble: troubled[0] ?? null,
    troubled: troubled.length,
    former,
    away: allAway(spaces.flatMap(({ away }) => away ?? [])),
  });
}

/** Nothing of it is here because it was not asked about yet, and not because there is nothing. */
const isUnheardOf = ({ epoch, create, trouble }: SpaceRow): boolean =>
  epoch === undefined && !create && trouble === undefined;

const troubleOf = ({ space, trouble: code }: SpaceRow) =>
  code === undefined ? [] : [{ space, code }];

type SessionFacts = ReturnType<typeof sessionFacts>;

function sessionFacts(ports: Ports, session: Session, { fault, figures }: Around) {
  const { connection } = session;
  const retry: Retry | null = session.retry ?? null;
  return {
    now: ports.clock.now(),
    storageFault: fault,
    storage: figures && storageStateOf(figures, session.askedToPersist ?? false),
    lost: session.lost ?? null,
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
    const first = firstRowOf((await tx.meta())?.generation ?? 0);
    for (const row of await tx.spaces()) {
      cursors[row.space] = row.cursor;
      if (row.rebuilt) rebuilt[row.space] = row.rebuilt.times;
    }
    const waiting = await tx.rows(rows);
    const outcomes: RowOutcome[] = [];
    for (const row of rows) {
      // Of a replica that the browser lost: whether it was in the log by then nobody knows here.
      if (row < first) outcomes.push({ row, kind: 'lost' });
      else outcomes.push(...(await outcomesOf(tx, row, waiting.has(row))));
    }
    return { cursors, rebuilt, outcomes };
  });
}

async function outcomesOf(tx: ReplicaReads, row: RowId, waiting: boolean): Promise<RowOutcome[]> {
  const aside = await tx.asideOfRow(row);
  const refused = aside.map(({ index, code }) => ({ row, index, kind: 'refused', code }) as const);
  if (waiting) return [...refused, { row, kind: 'pending' }];
  const settled = await tx.settled(row);
  if (settled) return [...refused, { row, kind: 'synced', seq: settled.seq }];
  return refused.length > 0 ? refused : [{ row, kind: 'unknown' }];
}
