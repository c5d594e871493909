/**
 * What must hold at every moment, looked up on the disks themselves. Each step looks only at the
 * device that had its turn, and folds nothing anew: what each log was at each digest is remembered,
 * and a replica is compared again only when it stands elsewhere than before. The full check of views
 * and outboxes (`faultsOf`) costs as much as twenty steps, so it is left for every 40th, for each
 * replica that was built anew, and for the end.
 */
import type { OutboxRow, SequencedOp, SpaceId } from '../../core/index.ts';
import {
  isVisible,
  fromRow,
  visibleRow,
  type HiddenRow,
  type RecordRow,
} from '../../sw/adapters/record-row.ts';
import type { Meta, SetAside, SettledRow } from '../../sw/engine/ports.ts';
import { faultsOf, worldIn, type Replica } from '../support/replica-check.ts';
import { canonicalWorld, type World as State } from '../support/world.ts';
import { Violation } from './faults.ts';
import type { SimDevice } from './sim-device.ts';
import { COLLECTIONS, markOf } from './words.ts';
import { watchOutbox } from './watch-outbox.ts';
import { watchRefusals } from './watch-refusals.ts';
import type { World } from './world.ts';

/** The cheap ones, of one device at rest. */
export function checkDevice(world: World, device: SimDevice): void {
  const [unheard] = device.unheard;
  if (unheard instanceof Error) throw unheard;
  if (!device.disk.isAtRest) return;
  checkAccepted(world, device);
  checkReplicas(world, device);
  checkRebuilt(world, device);
  watchOutbox(world, device);
  watchRefusals(world, device);
}

/** How long a device remembers what it has settled, for the recovery of a server that lost it. */
const RECOVERY_WINDOW_MS = 30 * 86_400_000;

/** P1: what was accepted is in the log, in the outbox, kept for recovery, or set aside. */
function checkAccepted({ ledger, logs }: World, device: SimDevice): void {
  const here = marksOn(device);
  for (const entry of ledger.of(device.index)) {
    const { mark, ended, forgotten, settledAt } = entry;
    if (ended !== undefined) continue;
    if (here.has(mark)) {
      const settled = here.get(mark);
      if (settled !== undefined) entry.settledAt = settled;
      continue;
    }
    // Remembered for the window, by the device's own clock, and not longer.
    const isPast = settledAt !== undefined && device.now - settledAt >= RECOVERY_WINDOW_MS;
    if (logs.find(mark) || isPast) entry.forgotten = true;
    else if (!forgotten)
      throw new Violation('P1', `${device.name}: ${mark} was accepted, and is nowhere`);
  }
}

/** The marks of all ops that lie on the device, with the time of their settling where they are settled. */
function marksOn({ disk, session }: SimDevice): Map<string | undefined, number | undefined> {
  const marks = new Map<string | undefined, number | undefined>();
  for (const { payload } of session.salvaged?.ops ?? []) marks.set(markOf(payload), undefined);
  for (const { payloads, settledAt } of disk.rows<SettledRow>('_settled'))
    for (const payload of payloads) marks.set(markOf(payload), settledAt);
  for (const { payloads } of disk.rows<OutboxRow>('_outbox'))
    for (const payload of payloads) marks.set(markOf(payload), undefined);
  for (const { payload } of disk.rows<SetAside>('_aside')) marks.set(markOf(payload), undefined);
  return marks;
}

export const marksAside = ({ disk }: SimDevice): Set<string | undefined> =>
  new Set(disk.rows<SetAside>('_aside').map(({ payload }) => markOf(payload)));

/** P2, P3: each replica is the fold of the log up to where it says it stands. */
function checkReplicas(world: World, device: SimDevice): void {
  for (const row of device.disk.spaces()) {
    // What has come of its snapshot is looked at as a whole, and by the full check.
    if (row.filling) continue;
    const standing = `${row.cursor} ${row.digest}`;
    const name = `${device.index} ${row.space}`;
    if (world.checked.get(name) === standing) continue;
    const past = world.logs.past(row.space, row.digest);
    if (!past)
      throw new Violation('P3', `${device.name}: ${row.space} is of no log there ever was`);
    const log = past.log();
    if (log.length !== row.cursor)
      throw new Violation(
        'P2',
        `${device.name}: ${row.space} says ${row.cursor}, is ${log.length}`,
      );
    if (canonicalWorld(stateOf(replicaOf(device), row.space)) !== world.logs.textOf(past))
      throw new Violation(
        'P3',
        `${device.name}: ${row.space} at ${row.cursor} is not the fold of its log`,
      );
    world.checked.set(name, standing);
  }
}

/** The full check is due where a space has been built anew: what is pending may have gone with it. */
function checkRebuilt(world: World, device: SimDevice): void {
  const times = device.disk.spaces().reduce((sum, { rebuilt }) => sum + (rebuilt?.times ?? 0), 0);
  if (times !== (world.rebuilt.get(device) ?? 0)) checkWhole(world, device);
  world.rebuilt.set(device, times);
}

function stateOf(replica: Replica, space: SpaceId): State {
  const isHere = (row: { space: SpaceId }) => row.space === space;
  const shown = replica.shown.filter(isHere).map((row) => fromRow(row.collection, row));
  const hidden = replica.hidden.filter(isHere).map(({ $ }) => $);
  return worldIn(replica, space, new Map([...hidden, ...shown].map((one) => [one.key, one])));
}

export function replicaOf({ disk, config }: SimDevice): Replica {
  const hidden = disk.rows<HiddenRow>('_hidden');
  // An older app has no table for them; to the layer they are there as any other.
  const isShownElsewhere = ({ collection, $ }: HiddenRow) =>
    config.collections[collection] === undefined && isVisible($);
  return {
    kindsOf: (collection) => config.collections[collection]?.kinds,
    unfolding: disk.rows<Partial<Meta>>('_meta').find(({ home }) => home)?.unfolding,
    spaces: disk.spaces(),
    outbox: disk.rows('_outbox'),
    settled: disk.rows('_settled'),
    aside: disk.rows('_aside'),
    shown: [
      ...COLLECTIONS.flatMap((collection) =>
        disk.rows<RecordRow>(collection).map((row) => ({ ...row, collection })),
      ),
      ...hidden
        .filter(isShownElsewhere)
        .map(({ space, collection, $ }) => ({ ...visibleRow(space, $), collection })),
    ],
    hidden: hidden.filter((row) => !isShownElsewhere(row)),
    conflicts: disk.rows('_conflicts'),
    malformed: disk.rows('_malformed'),
  };
}

/** The dear one: views, outbox and records against each other and against the logs. */
export function checkWhole(world: World, device: SimDevice): void {
  if (!device.disk.isAtRest) return;
  const logs = new Map<SpaceId, readonly SequencedOp[]>();
  for (const { space, digest, filling } of device.disk.spaces())
    logs.set(space, world.logs.past(space, filling?.of?.digest ?? digest)?.log() ?? []);
  const [fault] = faultsOf(replicaOf(device), logs);
  if (fault !== undefined) throw new Violation('P3', `${device.name}: ${fault}`);
}

/** P5: what one device wrote in one space is in its log in the order in which it was accepted. */
export function checkOrder({ ledger, logs, devices }: World): void {
  for (const device of devices) {
    const { index, name } = device;
    const aside = marksAside(device);
    const last = new Map<SpaceId, { seq: number; mark: string }>();
    for (const { mark, ended, letGo } of ledger.inOrder(index)) {
      // Where the device itself is not any more what wrote it, or has it out of its outbox otherwise, a
      // copy of it may have sent it later: one that had not typed over it, or heard no refusal of it.
      if (ended !== undefined || letGo || aside.has(mark)) continue;
      for (const { space, marks } of logs.all) {
        const op = marks.get(mark);
        if (!op) continue;
        const before = last.get(space);
        if (before && before.seq > op.seq)
          throw new Violation('P5', `${name}: ${before.mark} comes after ${mark}`);
        last.set(space, { seq: op.seq, mark });
      }
    }
  }
}
