/** A contestant's server and as many devices as are asked for, all of them new and gone afterwards. */
import { openDevice } from './devices.mjs';
import { startServer } from './start-server.mjs';

/**
 * @typedef {object} World
 * @property {import('./start-server.mjs').RunningServer} server
 * @property {() => Promise<import('./devices.mjs').Device>} device a new one with the contestant open on it, and not connected yet
 * @property {() => Promise<void>} close
 */

/** Those under way. @type {Set<World>} */
const worlds = new Set();

/** Ends what takes too long. */
export const closeWorlds = () => Promise.all([...worlds].map((world) => world.close()));

/** @param {string} contestant @param {import('./site.mjs').Site} site @returns {Promise<World>} */
export async function openWorld(contestant, site) {
  const server = await startServer(contestant, await site.pagesOf(contestant));
  /** @type {Promise<import('./devices.mjs').Device>[]} */
  const devices = [];
  /** @type {Promise<void> | undefined} */
  let closing;
  /** @type {World} */
  const world = {
    server,
    async device() {
      const opening = openDevice(server.url);
      devices.push(opening);
      const device = await opening;
      await device.ask('open', server.token);
      return device;
    },
    close: () => (closing ??= closeAll()),
  };
  worlds.add(world);
  return world;

  async function closeAll() {
    worlds.delete(world);
    for (const opened of await Promise.allSettled(devices)) {
      if (opened.status === 'fulfilled') await opened.value.close();
    }
    await server.stop();
  }
}

/** Throws where two devices do not have the same. @param {readonly import('./devices.mjs').Device[]} devices */
export async function expectSame(devices) {
  const found = await Promise.all(devices.map((device) => device.ask('digest')));
  if (new Set(found).size > 1) throw new Error(`devices differ: ${found.join(' and ')}`);
}
