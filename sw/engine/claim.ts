/** Joining an account: the device's own home becomes the account's, with everything written or set aside in it. */
import type { SpaceId } from '../../core/index.ts';
import type { Ports, ReplicaTx, Session } from './ports.ts';
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
  const fresh = newSpaceRow(ports, { space: home, create: false, followed: true });
  await tx.moveSpace(meta.home, home);
  // The actor stays: it has no clock yet, and the views were derived as its own writing.
  await tx.putSpaces([former ? { ...fresh, actor: former.actor, pending: former.pending } : fresh]);
  await tx.deleteSpace(meta.home);
  await tx.putMeta({ ...meta, home, formerHome: meta.home });
}
