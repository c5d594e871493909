/** Time that passes for everybody, and what was late arrives. A disk that was busy may do nothing in all that time. */
import type { Random } from '../support/random.ts';
import type { World } from './world.ts';

/** A transaction is given up after a minute. */
const HANGS_AFTER = 60_000;

export async function pass(world: World, ms: number, random: Random): Promise<void> {
  for (const device of world.devices) {
    const hangs = !world.scheduler.isQuiet(device.index) && ms > HANGS_AFTER && random.chance(0.5);
    if (!hangs) {
      if (!world.scheduler.isQuiet(device.index)) await world.turn(device);
      continue;
    }
    device.disk.state = 'hung';
    device.disk.failures += 1;
    world.happened('disk-hung');
  }
  await world.scheduler.pass(ms);
  for (const message of world.network.air) message.held = false;
  for (const device of world.devices) {
    world.stirred.add(device);
    await world.turn(device);
    device.disk.state = 'good';
  }
}
