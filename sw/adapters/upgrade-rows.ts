/**
 * The rows of a database of an earlier layout, when it is opened. Also one of this layout comes here,
 * when its app is of a later version: what is as it has to be stays so.
 */
import type { Transaction } from 'dexie';
import { ROW_UPGRADES, type RowId, type SpaceId } from '../../core/index.ts';
import type { SpaceRow } from '../engine/ports.ts';
import { OWN_KEY, type OwnRow } from './own-row.ts';
import type { StoredSpace } from './space-rows.ts';

export async function upgradeRows(trans: Transaction): Promise<void> {
  for (const [name, change] of Object.entries(ROW_UPGRADES))
    await trans.table(name).toCollection().modify(change);
  const own = await trans.table<OwnRow, string>('_meta').get(OWN_KEY);
  if (own && !own.counts) await beginCounts(trans, own);
}

/** Before layout 8 the database gave the ids, each space counted its own, and commits had rows. */
async function beginCounts(trans: Transaction, own: OwnRow): Promise<void> {
  const outbox = trans.table<object, RowId>('_outbox');
  const next = await outbox.add({});
  await outbox.delete(next);
  const accepted: Record<SpaceId, number> = {};
  const spaces = trans.table<SpaceRow, SpaceId, StoredSpace>('_spaces').toCollection();
  await spaces.modify(({ pending, ...row }, now) => {
    if (pending > 0) accepted[row.space] = pending;
    now.value = { ...row, gone: 0 };
  });
  const rows = trans.table('_meta');
  await rows.clear();
  await rows.put({ ...own, counts: { next, accepted, commits: [] } });
}
