/**
 * P4: no op claims more than its author knew. What it says that they had seen is at most what was on
 * their screen, the birth of a record that they edit, or the seq of the snapshot that brought it just
 * now; a device may lower that later, never raise it.
 * And no op is of a later time than the server's own when it was taken.
 */
import {
  mutationsOf,
  pendingOp,
  type OutboxRow,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { fromRow, type HiddenRow, type RecordRow } from '../../sw/adapters/record-row.ts';
import { Violation } from './faults.ts';
import type { Accepted } from './ledger.ts';
import type { SimDevice } from './sim-device.ts';
import { COLLECTIONS, markOf } from './words.ts';
import type { World } from './world.ts';

export type Seen = Readonly<Record<SpaceId, number>>;

/** Looks at an op that was accepted just now, as far as it is still in the outbox. */
export function watchAccepted(device: SimDevice, accepted: Accepted, seen: Seen): void {
  const row = device.disk.rows<OutboxRow>('_outbox').find((one) => one.row === accepted.row);
  if (!row) return;
  const onScreen = seen[row.space] ?? 0;
  if (row.base > Math.max(onScreen, ...knownIn(device, row, accepted.index, onScreen)))
    throw claims(device.name, accepted.mark, row.base, onScreen);
  accepted.base = Math.min(row.base, accepted.base ?? row.base);
}

/**
 * How far the records that the op names are known to the device at the least: to where they were made,
 * or as a snapshot has them. That may be through by now, before the page has heard of it.
 */
function knownIn({ disk }: SimDevice, row: OutboxRow, index: number, onScreen: number): number[] {
  const standing = disk.spaces().find(({ space }) => space === row.space);
  const filled = standing?.filling?.of?.seq ?? (onScreen === 0 ? (standing?.cursor ?? 0) : 0);
  const named = mutationsOf(pendingOp(row, index));
  const isNamed = (collection: string, { space, id }: { space: SpaceId; id: string }) =>
    named.some((name) => space === row.space && name.collection === collection && name.id === id);
  const hidden = disk
    .rows<HiddenRow>('_hidden')
    .filter((found) => isNamed(found.collection, found))
    .map(({ $ }) => $);
  const shown = COLLECTIONS.flatMap((collection) =>
    disk
      .rows<RecordRow>(collection)
      .filter((found) => isNamed(collection, found))
      .map((found) => fromRow(collection, found)),
  );
  return [...hidden, ...shown].map(({ confirmed }) =>
    confirmed ? Math.max(filled, confirmed.born[0]?.seq ?? 0) : 0,
  );
}

/** Looks at an op that the server has just taken. */
export function watchTaken({ ledger, scheduler, serverSkew }: World, op: SequencedOp): void {
  const accepted = ledger.byMark.get(markOf(op.payload) ?? '');
  if (accepted?.base !== undefined && op.base > accepted.base)
    throw claims('the log', accepted.mark, op.base, accepted.base);
  if (op.at > scheduler.now + serverSkew)
    throw new Violation('P4', `${op.actor}:${op.clock} is of a time that has not come yet`);
}

const claims = (where: string, mark: string, base: number, seen: number): Violation =>
  new Violation('P4', `${where}: ${mark} claims to have seen ${base}, and had seen ${seen}`);
