/** Replicas that a browser loses or cannot open, and people who start anew: the rest comes from the server. */
import type { OutboxRow, PageRequest } from '../../core/index.ts';
import type { SettledRow } from '../../sw/engine/ports.ts';
import type { Action } from './actions.ts';
import { Violation } from './faults.ts';
import type { SimDevice } from './sim-device.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

type Kind = 'lose-replica' | 'start-anew';

const START_ANEW: PageRequest = { v: 1, type: 'start-anew', evenUnread: true };

export const LOST_REPLICAS: Readonly<Record<Kind, Action>> = {
  'lose-replica': async ({ world, device, random }) => {
    if (device.disk.rows('_meta').length === 0) return 'none yet';
    // Looked at once more before, it knows how much there is to lose; or it goes in the middle of something.
    const isKnown = random.chance(0.6) && (await isCounted(world, device));
    const pending = device.disk.rows<OutboxRow>('_outbox').length;
    await stop(world, device);
    const isShut = random.chance(0.4);
    if (isShut) device.disk.isShut = true;
    else device.disk.install({ database: undefined });
    loses(world, device);
    world.happened(isShut ? 'replica-shut' : 'replica-lost');
    if (isShut) await startAnew(world, device);
    const status = await world.statusOf(device);
    if (isKnown && pending > 0 && !status?.lost?.pending)
      throw new Violation('P4', `${device.name}: lost what was pending, and tells nobody`);
    return `${pending} rows with it${isShut ? ', and could not be opened' : ''}`;
  },
  'start-anew': async ({ world, device, random }) => {
    if (device.disk.rows('_meta').length === 0) return 'none yet';
    await stop(world, device);
    for (const { payloads } of device.disk.rows<SettledRow>('_settled'))
      for (const payload of payloads) world.ledger.forget(markOf(payload));
    const most = random.chance(0.5) ? random.below(60) : Infinity;
    await world.turn(device, () => device.ask(START_ANEW), most);
    if (most !== Infinity) await stop(world, device);
    await world.turn(device, () => device.ask({ v: 1, type: 'hello', config: device.config }));
    world.ledger.letGo(device.index, (mark) => world.logs.find(mark) !== undefined);
    world.begunAnew(device);
    world.happened('started-anew');
    return most === Infinity ? 'at once' : `killed after ${most}`;
  },
};

/** Whether the device has just counted what is in its replica alone. */
async function isCounted(world: World, device: SimDevice): Promise<boolean> {
  await world.turn(device);
  const isQuiet = device.disk.isAtRest && world.scheduler.isQuiet(device.index);
  if (!isQuiet || (await world.statusOf(device)) === undefined) return false;
  const { replica } = device.session;
  return replica?.pending !== undefined && replica.pending !== null && replica.pending > 0;
}

async function stop(world: World, device: SimDevice): Promise<void> {
  await world.turn(device, () => device.kill());
  world.openWrites = world.openWrites.filter((write) => write.device !== device);
}

/** Nothing of it can be read: what is in no log is lost, and the person is told. */
async function startAnew(world: World, device: SimDevice): Promise<void> {
  await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
  const status = await world.statusOf(device);
  if (status?.phase !== 'storage-failed')
    throw new Violation('P10', `${device.name} cannot be opened, and says ${status?.phase}`);
  await world.turn(device, () => device.ask(START_ANEW));
  device.disk.isShut = false;
}

function loses(world: World, device: SimDevice): void {
  world.ledger.lostReplica(device.index, (mark) => world.logs.find(mark) !== undefined);
  world.begunAnew(device);
}
