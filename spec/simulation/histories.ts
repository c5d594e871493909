/** What changes the past: servers and devices put back, devices copied; and who may do what meanwhile. */
import { asEpoch, toHex } from '../../core/index.ts';
import type { Random } from '../support/random.ts';
import type { Action } from './actions.ts';
import type { SimDevice } from './sim-device.ts';
import type { World } from './world.ts';

const MOST_COPIES = 2;

type Kind =
  | 'backup'
  | 'restore'
  | 'clone'
  | 'keep-profile'
  | 'roll-back'
  | 'access'
  | 'delete-space';

export const HISTORIES: Readonly<Record<Kind, Action>> = {
  backup: async ({ world }) => {
    world.backups.push({ file: world.server.backup(), ages: world.ages });
    return `the ${world.backups.length}th`;
  },
  restore: async ({ world, random }) => {
    if (world.backups.length === 0) return 'no backup';
    const place = random.below(world.backups.length);
    const isNew = random.chance(0.6);
    const bytes = Uint8Array.from({ length: 8 }, () => random.below(256));
    const newEpoch = isNew ? () => asEpoch(toHex(bytes)) : undefined;
    const { file = '', ages = world.ages } = world.backups[place] ?? {};
    await world.operator(async () => {
      await world.server.restore(file, newEpoch);
      await world.grants.restored();
    });
    world.ages = ages;
    world.logs.readAnew();
    world.settled.clear();
    world.happened(isNew ? 'server-restored-in-new-epoch' : 'server-restored');
    return `the ${place + 1}th${isNew ? ', in a new epoch' : ''}`;
  },
  clone: async ({ world, device, random }) => {
    if (world.devices.length >= world.people + MOST_COPIES) return 'enough of them';
    const one = await copyableFrom(world, device, random);
    if (!one) return 'busy';
    const copy = world.clone(one);
    world.happened('device-cloned');
    return `${copy.name} of ${one.name}`;
  },
  'keep-profile': async ({ world, device, random }) => {
    const one = await copyableFrom(world, device, random);
    if (!one) return 'busy';
    world.profiles.set(one, { profile: one.profile(), order: world.ledger.accepted });
    return `kept ${one.name}`;
  },
  'roll-back': async ({ world, device: any }) => {
    const [device, kept] =
      [...world.profiles].find(([one]) => one === any) ?? [...world.profiles].at(-1) ?? [];
    if (!device || !kept) return 'nothing kept';
    await world.turn(device, () => device.kill());
    world.openWrites = world.openWrites.filter((write) => write.device !== device);
    device.become(kept.profile);
    world.network.forget(device.index);
    world.ledger.rolledBack(device.index, kept.order);
    world.happened('device-rolled-back');
    return `${device.name} to ${kept.order}`;
  },
  access: async ({ world, random }) => {
    const space = random.pick(world.grants.lists.slice(1));
    const level = random.pick(['none', 'read', 'write'] as const);
    world.grants.share(space, level);
    world.happened('access-changed');
    return `${level} in ${space}`;
  },
  'delete-space': async ({ world }) => {
    const space = world.grants.lists[2];
    if (!space || world.grants.deleted.has(space)) return 'nothing to delete';
    world.grants.delete(space);
    world.happened('space-deleted');
    return space;
  },
};

/** This device, if it can be copied once it was given the time to send what it has; or else another one. */
async function copyableFrom(
  world: World,
  device: SimDevice,
  random: Random,
): Promise<SimDevice | undefined> {
  if (!isCopyable(world, device)) {
    await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
    await world.flow(random);
  }
  return [device, ...world.devices].find((one) => one.isRunning && isCopyable(world, one));
}

/** As a file is copied: what is not committed is not in it. */
const isCopyable = (world: World, { disk }: SimDevice): boolean =>
  disk.isAtRest && (world.copiesUnsent || disk.rows('_outbox').length === 0);
