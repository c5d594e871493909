/** The second phase: faults end, everybody comes back, and then everything has to arrive. */
import { randomFrom } from '../support/random.ts';
import { faultsOf as lostValues } from '../support/accounts.ts';
import { EMPTY_DIGEST, SERVER_ACTOR, type OutboxRow, type SequencedOp } from '../../core/index.ts';
import type { SettledRow, SpaceRow } from '../../sw/engine/ports.ts';
import { Violation } from './faults.ts';
import { checkDevice, checkOrder, checkWhole, marksAside } from './oracles.ts';
import { unlikePlain } from './plain-fold.ts';
import type { SimDevice } from './sim-device.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

const MOST_ROUNDS = 14;

export async function heal(world: World): Promise<void> {
  world.network.heal();
  world.server.disarm();
  world.serverSkew = 0;
  world.grants.heal();
  for (const device of world.devices) {
    device.disk.state = 'good';
    device.box.state = 'good';
    device.skew = 0;
    if (device.grammar !== undefined) await world.update(device);
  }
  const random = randomFrom(1);
  await world.flow(random);
  for (const device of world.devices) {
    await world.turn(device, () => device.ask({ v: 1, type: 'resume' }));
    await world.flow(random);
    await world.turn(device, () => device.ask(world.connectRequest(device)));
    await world.flow(random);
  }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const device of world.devices) {
      await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
      await world.flow(random);
    }
    if (world.devices.every((device) => isSettled(world, device)) && round > 1) return;
    await world.scheduler.pass(70_000);
    await world.flow(random);
  }
  const [late] = world.devices.filter((device) => !isSettled(world, device));
  throw new Violation(
    'P7',
    `${late?.name} does not come to rest: ${late && standingOf(world, late)}`,
  );
}

const isSettled = (world: World, device: SimDevice): boolean => standingOf(world, device) === '';

/** What a device still waits for, in words; nothing where it is done. */
function standingOf(world: World, { disk, session }: SimDevice): string {
  const isGone = ({ space }: SpaceRow) => world.grants.deleted.has(space);
  const outbox = disk.rows<OutboxRow>('_outbox').length;
  const behind = disk
    .spaces()
    .filter((row) => row.followed && !isGone(row))
    .filter((row) => row.cursor !== world.logs.of(row.space).ops.length);
  const troubled = disk.spaces().filter((row) => row.trouble !== undefined && !isGone(row));
  return [
    outbox > 0 && `${outbox} rows in the outbox`,
    behind.length > 0 && `behind in ${behind.map(({ space }) => space).join()}`,
    troubled.length > 0 && `trouble: ${troubled.map(({ trouble }) => trouble).join()}`,
    session.retry && `waits for ${JSON.stringify(session.retry.failure)}`,
    session.authFailed && 'its token is refused',
  ]
    .filter((part) => typeof part === 'string')
    .join('; ');
}

/** What must be so when everybody has come home. */
export async function checkHome(world: World): Promise<void> {
  for (const device of world.devices) {
    checkDevice(world, device);
    checkWhole(world, device);
    await checkStatus(world, device);
    checkArrived(world, device);
  }
  checkOrder(world);
  for (const { space, ops } of world.logs.all) {
    const [lost] = lostValues(ops.map(withoutDrop));
    if (lost !== undefined) throw new Violation('P4', `${space}: ${lost}`);
    const records = world.logs.past(space, ops.at(-1)?.digest ?? EMPTY_DIGEST)?.world.records;
    const odd = unlikePlain(ops, records ?? new Map());
    if (odd !== undefined) throw new Violation('P2', `${space}: ${odd}`);
  }
}

/** A drop takes what was there before it; what is lost otherwise shows without it. */
const withoutDrop = (op: SequencedOp): SequencedOp =>
  op.actor === SERVER_ACTOR ? { ...op, payload: 'nothing' } : op;

async function checkStatus(world: World, device: SimDevice): Promise<void> {
  const status = await world.statusOf(device);
  const aside = device.disk.rows('_aside').length;
  if (status?.phase !== 'idle' || status.pending !== 0 || status.setAside !== aside)
    throw new Violation('P10', `${device.name}: at home it says ${JSON.stringify(status)}`);
}

/**
 * P1: each op that was accepted is in the log, once, or before the person. A list that is deleted
 * takes nothing back after a restore, and one that the device does not follow is not asked about until
 * it is followed or written again: what had been in its log is still on the device.
 */
function checkArrived({ ledger, logs, grants }: World, device: SimDevice): void {
  const settled = device.disk.rows<SettledRow>('_settled').flatMap(({ payloads }) => payloads);
  const kept = new Set(settled.map((payload) => markOf(payload)));
  const aside = marksAside(device);
  const spaces = device.disk.spaces();
  const followed = new Set(spaces.flatMap((row) => (row.followed ? [row.space] : [])));
  for (const { mark, space, ended, forgotten } of ledger.of(device.index)) {
    if (ended !== undefined || forgotten) continue;
    const isAsked = followed.has(space) && !grants.deleted.has(space);
    if (!isAsked && kept.has(mark)) continue;
    if (!logs.find(mark) && !aside.has(mark))
      throw new Violation('P1', `${device.name}: ${mark} is lost`);
  }
}
