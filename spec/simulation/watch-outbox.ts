/**
 * What a device's outbox must keep to. A row that was sealed never changes under its clock, for it may
 * be on its way or in the log already (P2); and nothing is settled before it is folded, or the person
 * would see what they wrote go and come back (P1).
 */
import { clockAt, pendingIndexes, type OutboxRow, type SpaceId } from '../../core/index.ts';
import type { SettledRow, SpaceRow } from '../../sw/engine/ports.ts';
import { Violation } from './faults.ts';
import type { SimDevice } from './sim-device.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

export function watchOutbox(world: World, device: SimDevice): void {
  watchSealed(world, device);
  watchSettled(world, device);
}

/**
 * In the instant of a commit, for a kill at any other moment finds the disk as it is then: what belongs
 * together is committed together. It is told when the device is looked at next.
 */
export function watchCommit(world: World, device: SimDevice): void {
  try {
    watchSealed(world, device);
    watchPending(device);
  } catch (violation) {
    device.unheard.push(violation);
  }
}

/** A row of the outbox waits for something: it leaves with what folds its last op. */
function watchPending({ disk, name }: SimDevice): void {
  const spaces = new Map(disk.spaces().map((row) => [row.space, row]));
  for (const row of disk.rows<OutboxRow>('_outbox')) {
    const progress = spaces.get(row.space)?.progress;
    if (progress && pendingIndexes(row, progress).length === 0)
      throw new Violation('P2', `${name}: row ${row.row} is committed, and waits for nothing`);
  }
}

/** Against what was sealed when it was last looked at: a disk that was put back may seal others anew. */
function watchSealed({ sealed }: World, device: SimDevice): void {
  const before = sealed.get(device);
  const now = new Map<string, string>();
  for (const row of device.disk.rows<OutboxRow>('_outbox')) {
    for (const [index, payload] of row.payloads.entries()) {
      const clock = clockAt(row, index);
      if (clock === undefined) continue;
      const name = `${row.actor}:${clock}`;
      const text = `${row.at} ${payload}`;
      if ((before?.get(name) ?? text) !== text)
        throw new Violation(
          'P2',
          `${device.name}: ${markOf(payload)} took the place of a sealed op`,
        );
      now.set(name, text);
    }
  }
  sealed.set(device, now);
}

function watchSettled({ logs }: World, device: SimDevice): void {
  const spaces = new Map(device.disk.spaces().map((row) => [row.space, row]));
  for (const { space, payloads, gone = [] } of device.disk.rows<SettledRow>('_settled')) {
    const row = spaces.get(space);
    if (!row || row.head === row.cursor || !isInThisLog(row)) continue;
    const { marks } = logs.of(space);
    for (const [index, payload] of payloads.entries()) {
      const mark = gone.includes(index) ? undefined : markOf(payload);
      const op = mark === undefined ? undefined : marks.get(mark);
      if (op && op.seq > row.cursor)
        throw new Violation('P1', `${device.name}: ${mark} is settled, and not folded yet`);
    }
  }

  /** Whether the device stands in the log as it is now, and not in one from before a restore. */
  function isInThisLog({ space, cursor, digest }: SpaceRow & { space: SpaceId }): boolean {
    return cursor === 0 || logs.of(space).ops[cursor - 1]?.digest === digest;
  }
}
