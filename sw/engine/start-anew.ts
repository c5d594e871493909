/**
 * Starting anew with an empty database, where the one that is here cannot be used any more. A person
 * asks for it, and never loses by it what can still be read: what was not sent is taken out first,
 * kept beside the database while that is deleted, and set aside in the new one.
 *
 *   read and close ─► kept in the session ─► deleted ─► set aside in the new one ─► session let go
 *
 * A host that is killed anywhere on the way goes on from what the session says (`goOnAnew`).
 */
import type { ActorId, SpaceId } from '../../core/index.ts';
import { DRAIN_LOCK } from './drain.ts';
import { leave, leavingAll } from './leave.ts';
import {
  StorageError,
  type Meta,
  type Ports,
  type ReplicaReads,
  type ReplicaTx,
  type Session,
  type SetAside,
} from './ports.ts';
import { ensureMeta } from './spaces.ts';

/** What was taken out of a replica that is to be deleted. */
export interface Salvaged {
  /** Of the replica that it was taken out of. */
  readonly generation: number;
  /** The home that it had, where that could be read: what lay there is to lie in the new one. */
  readonly home?: SpaceId;
  readonly ops: readonly SetAside[];
}

/** Why these ops are set aside: whether they had been sent is not known. */
const CODE = 'started_anew';

export interface StartAnewOptions {
  /** Deletes the database also where nothing can be read of it: then what was in it alone is lost. */
  readonly evenUnread: boolean;
}

/** Rejects with StorageError, and nothing was deleted, where the database cannot be read. */
export function startAnew(ports: Ports, { evenUnread }: StartAnewOptions): Promise<void> {
  // Not beside a drain: it would send what is being set aside.
  return ports.locks.exclusive(DRAIN_LOCK, async () => {
    const session = await ports.session.load();
    if (!session.salvaged) {
      const salvaged = await salvage(ports, session).catch((error: unknown) => {
        // One of a layout to come is whole, and read by the software that it was left by.
        const isLost = error instanceof StorageError && error.fault !== 'newer';
        if (!isLost || !evenUnread) throw error;
        return undefined;
      });
      const decided = salvaged ? { salvaged } : unread(session, ports.clock.now());
      const name = session.config?.name ?? '';
      const { generation } = decided.salvaged;
      // Whoever writes when the former one is deleted makes one of the next generation: should this be
      // killed in between, or the disk fail, that is not to be deleted in its place.
      await ports.session.save({ ...decided, replica: { name, generation, pending: null } });
    }
    await finishAnew(ports);
  });
}

/** Goes on where a host was killed over it; nothing, where none was. */
export async function goOnAnew(ports: Ports): Promise<void> {
  const { salvaged } = await ports.session.load();
  if (!salvaged && !(await isClosed(ports))) return;
  await ports.locks.exclusive(DRAIN_LOCK, async () => {
    await finishAnew(ports);
    if (await isClosed(ports)) await ports.store.write(reopen);
  });
}

const isClosed = ({ store }: Ports): Promise<boolean> =>
  store.read(async (tx) => (await tx.meta())?.isClosed ?? false).catch(() => false);

/** Killed before what was read was kept: nothing was decided, and the replica is as it was. */
async function reopen(tx: ReplicaTx): Promise<void> {
  const closed = await tx.meta();
  if (!closed) return;
  const { isClosed: _, ...meta } = closed;
  await tx.putMeta(meta);
}

async function finishAnew(ports: Ports): Promise<void> {
  const session = await ports.session.load();
  const { salvaged } = session;
  if (!salvaged) return;
  const here = await ports.store
    .read(async (tx) => (await tx.meta())?.generation ?? 0)
    .catch(() => salvaged.generation);
  if (here <= salvaged.generation) await ports.store.remove();
  await ports.store.write((tx) => setAsideIn(ports, tx, session, salvaged));
  await ports.session.save({ salvaged: undefined });
}

/**
 * Takes out what was not sent, and closes the replica: nothing more is accepted into it. One that can
 * be read and not written need not be closed: it takes nothing as it is.
 */
async function salvage(ports: Ports, session: Session): Promise<Salvaged> {
  try {
    return await ports.store.write(async (tx) => {
      const meta = (await tx.meta()) ?? (await ensureMeta(ports, tx, session));
      const salvaged = await takeOut(tx, meta);
      await tx.putMeta({ ...meta, isClosed: true });
      return salvaged;
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return ports.store.read(async (tx) => takeOut(tx, await tx.meta()));
  }
}

async function takeOut(tx: ReplicaReads, meta: Meta | undefined): Promise<Salvaged> {
  const ops = [...(await tx.allAside())];
  for (const { space, progress } of await tx.spaces())
    ops.push(...leave(leavingAll(await tx.rowsOf(space), progress, CODE)).aside);
  return { generation: meta?.generation ?? 0, ...(meta && { home: meta.home }), ops };
}

/** Of a database that cannot be read: how much is lost is known from what was counted. */
function unread({ replica, lost }: Session, now: number) {
  const pending = (replica?.pending ?? 0) + (lost?.pending ?? 0);
  const salvaged: Salvaged = { generation: replica?.generation ?? 0, ops: [] };
  return { salvaged, ...(pending > 0 && { lost: { at: now, pending } }) };
}

async function setAsideIn(
  ports: Ports,
  tx: ReplicaTx,
  session: Session,
  { generation, home, ops: found }: Salvaged,
): Promise<void> {
  const meta = await ensureMeta(ports, tx, session);
  // It was killed right after this.
  if (meta.salvagedFrom === generation) return;
  // A home that no account had is nobody's any more.
  const ops = found.map((op) => (op.space === home ? { ...op, space: meta.home } : op));
  const actors = [...new Set(ops.map(({ actor }): ActorId => actor))];
  await tx.putMeta({ ...meta, salvagedFrom: generation, salvagedActors: actors });
  // Places of the new outbox, which gives none of them twice.
  const rows = await tx.addRows(
    ops.map(({ space, actor, base, at, v, payload }) => ({
      space,
      actor,
      base,
      at,
      v,
      payloads: [payload],
    })),
  );
  await tx.deleteRows(rows);
  await tx.putAside(ops.map((op, i) => ({ ...op, row: rows[i] as number, index: 0 })));
}
