/** A contestant's server and as many devices as are asked for, all of them new and gone afterwards. */
import { openDevice } from './devices.mjs';
import { startServer } from './start-server.mjs';

/** @typedef {import('./devices.mjs').Device} Device */

/**
 * @typedef {object} World
 * @property {import('./start-server.mjs').RunningServer} server
 * @property {(url: string) => Promise<Device>} open a new device at that address
 * @property {() => Promise<Device>} device a new one with the contestant open on it, and not connected yet
 */

/** Ways to end what is under way. @type {Set<() => Promise<void>>} */
const underWay = new Set();

/** Ends what takes too long. */
export const endAll = () => Promise.all([...underWay].map((end) => end()));

/**
 * Does `work` with what `end` ends, once, and at the latest when somebody ends everything.
 * @template T
 * @param {() => Promise<void>} end
 * @param {() => Promise<T>} work
 */
export async function whileOpen(end, work) {
  /** @type {Promise<void> | undefined} */
  let ended;
  const endOnce = () => (ended ??= end());
  underWay.add(endOnce);
  try {
    return await work();
  } finally {
    await endOnce();
    underWay.delete(endOnce);
  }
}

/**
 * Starts a contestant's server and does `work` with it; then all of it is gone.
 * @template T
 * @param {string} contestant
 * @param {string} pageDir
 * @param {(world: World) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function inWorld(contestant, pageDir, work) {
  const server = await startServer(contestant, pageDir);
  /** @type {Promise<Device>[]} */
  const devices = [];
  /** @param {string} url */
  const open = (url) => {
    const opening = openDevice(url);
    devices.push(opening);
    return opening;
  };
  const world = {
    server,
    open,
    async device() {
      const device = await open(server.url);
      await device.ask('open', server.token);
      return device;
    },
  };
  const end = async () => {
    for (const opened of await Promise.allSettled(devices)) {
      if (opened.status === 'fulfilled') await opened.value.close();
    }
    await server.stop();
  };
  return whileOpen(end, () => work(world));
}

/** Throws where a device has not all that was written. @param {Device} device @param {number} written */
export async function expectCount(device, written) {
  const there = Number.parseInt(await device.ask('digest'), 10);
  if (there !== written) throw new Error(`${written} written, ${there} there`);
}

/** Throws where two devices do not have the same. @param {readonly Device[]} devices */
export async function expectSame(devices) {
  const found = await Promise.all(devices.map((device) => device.ask('digest')));
  if (new Set(found).size > 1) throw new Error(`devices differ: ${found.join(' and ')}`);
}
