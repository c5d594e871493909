/** Joining an account: the device's own home becomes the account's, with everything written or set aside in it. */
import type { SpaceId } from '../../core/index.ts';
import type { Ports, ReplicaTx, Session, SpaceRow } from './ports.ts';
import { rederive } from './rederive.ts';
import { ensureMeta, newSpaceRow } from './spaces.ts';

/**
 * Makes `home` this database's home. Rows of the former one have no clock yet, because no server
 * knew that space, so they may move; the lists made here keep their ids and go with `create`. Safe
 * to repeat: a worker killed after the session was saved finds the claim still to do.
 */
export async function claimHome(
  ports: Ports,
  tx: ReplicaTx,
  session: Session,
  home: SpaceId,
): Promise<void> {
  const meta = await ensureMeta(ports, tx, session);
  if (meta.home === home) return;
  const former = await tx.space(meta.home);
  const known = await tx.space(home);
  await tx.moveSpace(meta.home, home);
  const fresh = newSpaceRow(ports, { space: home, create: false, followed: true });
  // The actor stays: it has no clock yet, and the views were derived as its own writing.
  const row = former ? { ...fresh, actor: former.actor, pending: former.pending } : fresh;
  await tx.putSpaces([row]);
  await tx.deleteSpace(meta.home);
  const claimed = { ...meta, home, formerHome: meta.home };
  await tx.putMeta(claimed);
  if (!known) return;
  const context = { ports, tx, meta: claimed, registry: session.config?.registry };
  await join(context, row, known);
}

/**
 * A page that knew the account's home from before had written there by its name: that, too, has no
 * clock yet. It becomes the same actor's, and the views are those of both.
 */
async function join(
  context: Parameters<typeof rederive>[0],
  row: SpaceRow,
  known: SpaceRow,
): Promise<void> {
  const { tx } = context;
  const rows = await tx.rowsOf(row.space);
  const theirs = rows.filter(({ actor }) => actor === known.actor);
  await tx.putRows(theirs.map((one) => ({ ...one, actor: row.actor })));
  const joined = { ...row, pending: row.pending + known.pending };
  await rederive(context, joined, await tx.rowsOf(row.space));
}
