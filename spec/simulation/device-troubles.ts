/** What befalls a device by itself: its contexts, its app, its databases. */
import type { Action } from './actions.ts';
import { pass } from './pass.ts';

type Kind = 'take-over' | 'update' | 'session-trouble';

export const DEVICE_TROUBLES: Readonly<Record<Kind, Action>> = {
  'take-over': async ({ world, device, random }) => {
    const ring = (place: number) => () =>
      void device.ask({ v: 1, type: 'ring', reason: 'visible' }, place);
    // The first to drain is slow, or was frozen: what it asked comes late, or is answered late.
    const late = random.pick(['request-delayed', 'reply-delayed', 'reply-delayed'] as const);
    world.network.arm(device.index, late);
    await world.turn(device, ring(0));
    await world.flow(random);
    await world.turn(device, ring(1));
    let learn: (() => void) | undefined;
    await world.turn(device, () => (learn = device.takeOver()));
    if (!learn) return 'nobody was in the way';
    world.happened('lock-lost');
    const isLate = random.chance(0.5);
    if (!isLate) learn();
    await world.flow(random);
    await pass(world, random.pick([600, 5_000]), random);
    await world.flow(random);
    learn();
    return isLate ? 'who lost it learnt it late' : 'who lost it knew';
  },
  update: async ({ world }) => {
    const device = world.devices.find(({ grammar }) => grammar !== undefined);
    if (!device) return 'nobody has an older app';
    await world.update(device);
    return device.name;
  },
  'session-trouble': async ({ world, device, random }) => {
    const state = random.pick(['faulty', 'slow'] as const);
    device.box.state = state;
    const request = random.pick([
      { v: 1, type: 'ring', reason: 'visible' },
      { v: 1, type: 'pause' },
      { v: 1, type: 'sync-now' },
      world.connectRequest(device),
    ] as const);
    await world.turn(device, () => device.ask(request));
    await world.flow(random);
    // Some die over it.
    if (random.chance(0.3)) await world.turn(device, () => device.kill());
    else await pass(world, 1_000, random);
    device.box.state = 'good';
    return `${state} at ${request.type}`;
  },
};
