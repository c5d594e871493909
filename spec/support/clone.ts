/** A copy of a device: what a copied browser profile is, or one put back from a backup. */
import type { Device } from './device.ts';

/** What a device has on its disk. */
export interface Profile {
  readonly session: Awaited<ReturnType<Device['session']['load']>>;
  readonly tables: ReadonlyMap<string, readonly unknown[]>;
}

export async function profileOf(device: Device): Promise<Profile> {
  const { db } = device.table('_spaces');
  const tables = await db.transaction('r', db.tables, () =>
    Promise.all(db.tables.map(async (table) => [table.name, await table.toArray()] as const)),
  );
  return { session: await device.session.load(), tables: new Map(tables) };
}

/** Makes `device`, which has not been used yet, the one that the profile was taken of. */
export async function install(profile: Profile, device: Device): Promise<Device> {
  await device.session.save(profile.session);
  const { db } = device.table('_spaces');
  await db.transaction('rw', db.tables, async () => {
    for (const [name, rows] of profile.tables) await db.table(name).bulkPut([...rows]);
  });
  return device;
}

/** Another device with all that this one has, and as far from the network as it is. */
export async function copyOnto(copy: Device, device: Device): Promise<Device> {
  await install(await profileOf(device), copy);
  copy.offline = device.offline;
  return copy;
}

/** All of them come online, and ring until each has heard of what the others sent. */
export async function online(...all: readonly Device[]): Promise<void> {
  for (const one of all) one.offline = false;
  for (let round = 0; round < 3; round++)
    for (const one of all) await one.ask({ v: 1, type: 'ring', reason: 'visible' });
}
