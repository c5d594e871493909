/** What a bell sets off that rings for what was sent meanwhile. */
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import { openLab } from './support/lab.ts';
import { newItem } from './support/lists-config.ts';

const lab = openLab();

async function joined() {
  const wire = { pushes: 0, isDown: false };
  const fetched: Fetch = (url, init) => {
    if (wire.isDown) return Promise.reject(new TypeError('down'));
    if (url.pathname === '/sync/push') wire.pushes += 1;
    return fetch(url, init);
  };
  const device = lab.device({ listens: false, fetch: fetched });
  await device.connect(lab.server.url, await lab.nextToken());
  return { device, wire };
}

describe('a bell that rings', () => {
  it('[HO39] when all is sent that it was rung for asks nothing', async () => {
    const { device, wire } = await joined();
    await device.put(undefined, [newItem('a', 'Tent')]);
    const before = wire.pushes;
    expect(await device.engine.answerBell()).toEqual({ kind: 'done' });
    expect(wire.pushes).toBe(before);
    // A new worker does not know.
    device.restart();
    await device.engine.answerBell();
    expect(wire.pushes).toBeGreaterThan(before);
  });

  it('[HO39] in the middle of the drain that it was rung beside waits for what that comes to', async () => {
    const { device, wire } = await joined();
    const putting = device.put(undefined, [newItem('a', 'Tent')]);
    const rung = device.engine.answerBell();
    await Promise.all([putting, rung]);
    const before = wire.pushes;
    await device.engine.answerBell();
    expect(wire.pushes).toBe(before);
  });

  it('[HO39] while something waits sends it, and says that it could not', async () => {
    const { device, wire } = await joined();
    wire.isDown = true;
    await device.put(undefined, [newItem('a', 'Tent')]);
    expect(await device.engine.answerBell()).toMatchObject({ kind: 'failed' });
    wire.isDown = false;
    expect(await device.engine.answerBell()).toEqual({ kind: 'done' });
    expect(await device.engine.status()).toMatchObject({ pending: 0 });
  });
});
