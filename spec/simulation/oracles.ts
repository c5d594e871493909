/**
 * What must hold at every moment, looked up on the disks themselves. Each step looks only at the
 * device that had its turn, and folds nothing anew: what each log was at each digest is remembered,
 * and a replica is compared again only when it stands elsewhere than before. The full check of views
 * and outboxes (`faultsOf`) costs as much as twenty steps, so it is left for every 40th, for each
 * death, and for the end.
 */
import type { OutboxRow, SequencedOp, SpaceId } from '../../core/index.ts';
import {
  isVisible,
  visibleRow,
  type HiddenRow,
  type RecordRow,
} from '../../sw/adapters/record-row.ts';
import type { SetAside, SettledRow, SpaceRow } from '../../sw/engine/ports.ts';
import { faultsOf, worldIn, type Replica } from '../support/replica-check.ts';
import { canonicalWorld, type World as State } from '../support/world.ts';
import { Violation } from './faults.ts';
import type { SimDevice } from './sim-device.ts';
import { COLLECTIONS, markOf } from './words.ts';
import { watchOutbox } from './watch-outbox.ts';
import type { World } from './world.ts';

/** The cheap ones, of one device at rest. */
export function checkDevice(world: World, device: SimDevice): void {
  const [unheard] = device.unheard;
  if (unheard instanceof Error) throw unheard;
  if (!device.disk.isAtRest) return;
  checkAccepted(world, device);
  checkReplicas(world, device);
  watchOutbox(world, device);
}

/** P1: what was accepted is in the log, in the outbox, kept for recovery, or set aside. */
function checkAccepted({ ledger, logs }: World, device: SimDevice): void {
  const here = marksOn(device);
  for (const entry of ledger.of(device.index)) {
    const { mark, ended, forgotten } = entry;
    if (ended !== undefined || here.has(mark)) continue;
    if (logs.find(mark)) entry.forgotten = true;
    else if (!forgotten)
      throw new Violation('P1', `${device.name}: ${mark} was accepted, and is nowhere`);
  }
}

function marksOn({ disk }: SimDevice): Set<string | undefined> {
  const rows = [...disk.rows<OutboxRow>('_outbox'), ...disk.rows<SettledRow>('_settled')];
  return new Set([
    ...rows.flatMap(({ payloads }) => payloads.map(markOf)),
    ...disk.rows<SetAside>('_aside').map(({ payload }) => markOf(payload)),
  ]);
}

/** P2, P3: each replica is the fold of the log up to where it says it stands. */
function checkReplicas(world: World, device: SimDevice): void {
  for (const row of device.disk.rows<SpaceRow>('_spaces')) {
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

function stateOf(replica: Replica, space: SpaceId): State {
  const isHere = (row: { space: SpaceId }) => row.space === space;
  const shown = replica.shown
    .filter(isHere)
    .map(({ $, id, collection }) => ({ ...$, id, collection }));
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
    spaces: disk.rows('_spaces'),
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
  for (const { space, digest } of device.disk.rows<SpaceRow>('_spaces'))
    logs.set(space, world.logs.past(space, digest)?.log() ?? []);
  const [fault] = faultsOf(replicaOf(device), logs);
  if (fault !== undefined) throw new Violation('P3', `${device.name}: ${fault}`);
}

/** P5: what one device wrote in one space is in its log in the order in which it was accepted. */
export function checkOrder({ ledger, logs, devices }: World): void {
  for (const { index, name } of devices) {
    const last = new Map<SpaceId, { seq: number; mark: string }>();
    for (const { mark, ended } of ledger.inOrder(index)) {
      // Where the device itself is not any more what wrote it, a copy of it may have sent it later.
      if (ended === 'rolled back') continue;
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
