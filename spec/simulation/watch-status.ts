/**
 * P10: the status is true. What a device says of itself, asked now and then in the middle of it all, is
 * held against its disk, its session and what it was last answered. Asking costs a turn of the device,
 * so it is left for where nothing else is under way on its disk.
 */
import { pendingIndexes, type OutboxRow, type Status } from '../../core/index.ts';
import { Violation } from './faults.ts';
import type { SimDevice } from './sim-device.ts';
import type { World } from './world.ts';

/** Ops that have waited for longer have stalled, whatever the reason. */
const STALL_MS = 60_000;

export async function watchStatus(world: World, device: SimDevice): Promise<void> {
  if (!device.isRunning || !world.scheduler.isQuiet(device.index) || !device.disk.isAtRest) return;
  const status = await world.statusOf(device);
  if (!status) return;
  const why = untruthIn(status, device);
  if (why === undefined) return;
  throw new Violation('P10', `${device.name} says ${JSON.stringify(status)}, but ${why}`);
}

/** What is not so. */
function untruthIn(status: Status, device: SimDevice): string | undefined {
  const { phase, account, stalled } = status;
  const pending = pendingOn(device);
  const aside = device.disk.rows('_aside').length;
  if (status.pending !== pending.length) return `${pending.length} ops are pending`;
  if (status.setAside !== aside) return `${aside} ops are set aside`;
  if (account === null || phase === 'paused') return undefined;
  const { retry, authFailed, wasRefused } = {
    ...device.session,
    wasRefused: device.isTokenRefused,
  };
  // A refusal that was cut on its way says nothing of the token.
  const isGarbled = retry?.failure.kind === 'network' && retry.failure.why === 'not-ours';
  if (wasRefused && !authFailed && !isGarbled) return 'its token was refused';
  if (retry && phase === 'idle') return `the last exchange failed: ${retry.failure.kind}`;
  const [oldest] = pending;
  const isLong = oldest !== undefined && Math.abs(device.now - oldest.at) > STALL_MS;
  if (isLong && !stalled) return `an op waits since ${device.now - oldest.at} ms`;
  return undefined;
}

/** The rows of the ops that wait, one for each op, the oldest first. */
function pendingOn({ disk }: SimDevice): OutboxRow[] {
  const spaces = new Map(disk.spaces().map((row) => [row.space, row]));
  return disk
    .rows<OutboxRow>('_outbox')
    .flatMap((row) => {
      const progress = spaces.get(row.space)?.progress;
      return progress ? pendingIndexes(row, progress).map(() => row) : [];
    })
    .toSorted((a, b) => a.row - b.row);
}
