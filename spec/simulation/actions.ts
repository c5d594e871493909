/** What people, devices and misfortune do: each kind of decision, performed. */
import { type Conflict, type OpRequest, type OpRef, type SpaceId } from '../../core/index.ts';
import type { SetAside } from '../../sw/engine/ports.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { DEVICE_TROUBLES } from './device-troubles.ts';
import { HISTORIES } from './histories.ts';
import { LOST_REPLICAS } from './lost-replicas.ts';
import type { LinkFault } from './network.ts';
import { pass } from './pass.ts';
import type { Decision, DecisionKind } from './plan.ts';
import { SERVER_AGES } from './server-ages.ts';
import type { SimDevice } from './sim-device.ts';
import { movesAsked } from './watch-moves.ts';
import * as words from './words.ts';
import type { World } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Doing {
  readonly world: World;
  readonly device: SimDevice;
  readonly random: Random;
}

/** Returns what happened, in a few words. */
export type Action = (doing: Doing) => Promise<string>;

/** Performs a decision, and then lets some of the messages that are in the air arrive. */
export async function perform(world: World, decision: Decision): Promise<string> {
  const device = world.devices[decision.device % world.devices.length] as SimDevice;
  const random = randomFrom(decision.r);
  const what = await ACTIONS[decision.kind]({ world, device, random });
  const most = random.pick([0, 0, 1, 2, 6, 400]);
  const delivered = await world.flow(random, most);
  return `${device.name} ${decision.kind}: ${what}; ${delivered} delivered`;
}

const LINK_FAULTS: readonly LinkFault[] = [
  'request-dropped',
  'request-delayed',
  'request-repeated',
  'reply-dropped',
  'reply-dropped',
  'reply-delayed',
  'reply-cut',
  'reply-portal',
  'rate-limited',
  'token-expired',
];
const ROUGH_LINK_FAULTS: readonly LinkFault[] = [
  ...LINK_FAULTS,
  'request-retried',
  'reply-repeated',
  'poke-dropped',
  'poke-delayed',
  'stream-broken',
];

const ACTIONS: Readonly<Record<DecisionKind, Action>> = {
  write: async (doing) => {
    const mark = doing.world.nextMark();
    return write(doing, [opIn(doing, [words.mutation(doing.random, mark)], mark)], [mark]);
  },
  type: async (doing) => {
    const { world, device, random } = doing;
    const space = random.pick(world.grants.listsOf(device.account));
    const marks: string[] = [];
    for (let i = 0; i < 1 + random.below(3); i++) {
      const mark = world.nextMark();
      marks.push(mark);
      const op = { space, do: words.marked([words.typed(random, mark)], mark), typing: true };
      await write(doing, [op], [mark]);
      // Who thinks for a moment types on where the row has left, and its answer has not come.
      if (random.chance(0.25)) {
        await pass(world, 600, random);
        await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
      }
    }
    return marks.join();
  },
  batch: async (doing) => {
    const mark = doing.world.nextMark();
    return write(doing, [opIn(doing, words.batch(doing.random, mark), mark)], [mark]);
  },
  bulk: async (doing) => {
    const { world, random } = doing;
    const marks = Array.from({ length: 3 + random.below(8) }, () => world.nextMark());
    const ops = random.chance(0.4)
      ? newsIn(doing, marks)
      : marks.map((mark) => opIn(doing, [words.mutation(random, mark)], mark));
    return marks.length > 6 ? burst(doing, ops, marks) : write(doing, ops, marks);
  },
  move: async (doing) => {
    const { world, device, random } = doing;
    const marks = [world.nextMark(), world.nextMark()] as const;
    const lists = world.grants.listsOf(device.account);
    const from = random.pick(lists);
    const to = random.pick(lists.filter((space) => space !== from));
    return write(doing, words.move(random, from, to, marks), marks.slice(0, 1));
  },
  resolve: async (doing) => {
    const { device, random, world } = doing;
    const open = device.disk
      .rows<Conflict & { space: SpaceId }>('_conflicts')
      .filter((conflict) => conflict.open || random.chance(0.1));
    if (open.length === 0) return 'nothing to resolve';
    const { space, ...conflict } = random.pick(open);
    const mark = world.nextMark();
    const mutation = words.resolve(random, nameOfConflict(conflict), mark);
    return write(doing, [{ space, do: words.marked([mutation], mark) }], [mark]);
  },
  again: async (doing) => {
    const { device, random, world } = doing;
    const aside = device.disk.rows<SetAside>('_aside');
    if (aside.length === 0) return 'nothing to send again';
    const one = random.pick(aside);
    const mark = world.nextMark();
    const { do: mutations } = JSON.parse(one.payload) as { do: OpRequest['do'] };
    const mended = mutations.map((mutation) =>
      mutation.kind === 'put' ? shortened(mutation) : mutation,
    );
    const op = { space: one.space, do: words.marked(mended, mark) };
    return write(doing, [op], [mark], [{ row: one.row, index: one.index, payload: one.payload }]);
  },
  discard: async ({ world, device, random }) => {
    const aside = device.disk.rows<SetAside>('_aside');
    if (aside.length === 0) return 'nothing to discard';
    const { row, index, payload } = random.pick(aside);
    // Said before it is done: a worker killed in between may have done it or not.
    world.ledger.end(words.markOf(payload), 'discarded');
    await world.turn(device, () => device.ask({ v: 1, type: 'discard', ops: [{ row, index }] }));
    return `${row}:${index}`;
  },
  oversize: async (doing) => {
    const mark = doing.world.nextMark();
    return write(doing, [opIn(doing, [words.oversize(doing.random, mark)], mark)], [mark]);
  },
  ring: async ({ world, device, random }) => {
    const reason = random.pick(['poll', 'poll', 'visible', 'online'] as const);
    const place = contextOf({ world, device, random });
    await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason }, place), cut(random));
    return reason;
  },
  wake: async ({ world, device, random }) => {
    if (device.rings === 0) return 'no bell';
    device.rings = 0;
    await world.turn(device, () => device.wake(), cut(random));
    return 'by the bell';
  },
  flow: async ({ world, device, random }) => {
    await world.turn(device);
    return `${await world.flow(random)} messages`;
  },
  pass: async ({ world, random }) => {
    const ms = random.pick([600, 1_000, 5_000, 31_000, 70_000]);
    await pass(world, ms, random);
    return `${ms} ms`;
  },
  connect: async ({ world, device }) => {
    await world.turn(device, () => device.ask(world.connectRequest(device)));
    return 'with its token';
  },

  link: async ({ world, device, random }) => {
    const fault = random.pick(world.isRough ? ROUGH_LINK_FAULTS : LINK_FAULTS);
    world.network.arm(device.index, fault);
    return fault;
  },
  kill: async ({ world, device, random }) => {
    if (!device.isRunning) return 'was not running';
    const busy = !world.scheduler.isQuiet(device.index);
    const which = random.pick(['newest', 'all'] as const);
    await world.turn(device, () => device.kill(which));
    world.happened(busy ? 'worker-killed-in-step' : 'worker-killed');
    return busy ? 'in a step' : 'at rest';
  },
  'kill-in-step': async (doing) => {
    const { world, device, random } = doing;
    const most = 1 + random.below(60);
    const mark = world.nextMark();
    const inAnswer = random.chance(0.4);
    if (inAnswer) {
      world.deaths.set(device, random.below(150));
      await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
      await world.flow(random);
      return world.deaths.delete(device) ? 'not yet' : 'in an answer';
    }
    const begin = random.chance(0.5)
      ? () => void device.ask({ v: 1, type: 'ring', reason: 'visible' })
      : () => begun(doing, [opIn(doing, [words.mutation(random, mark)], mark)], [mark]);
    await world.turn(device, begin, most);
    await world.turn(device, () => device.kill());
    world.happened('worker-killed-in-step');
    return `after ${most}`;
  },
  'power-cut': async (doing) => {
    const { world, device, random } = doing;
    const mark = world.nextMark();
    const begin = () => begun(doing, [opIn(doing, [words.mutation(random, mark)], mark)], [mark]);
    await world.turn(device, begin, random.below(80));
    await world.turn(device, () => device.kill());
    device.disk.losePower();
    world.happened('power-cut');
    return 'in a write';
  },
  disk: async (doing) => {
    const { device, random, world } = doing;
    device.disk.state = random.pick(['full', 'faulty']);
    const mark = world.nextMark();
    await write(doing, [opIn(doing, [words.mutation(random, mark)], mark)], [mark]);
    await world.turn(device, () => device.ask({ v: 1, type: 'ring', reason: 'visible' }));
    if (random.chance(0.5)) await world.flow(random);
    const { state } = device.disk;
    device.disk.state = 'good';
    return state;
  },
  clock: async ({ device, random, world }) => {
    device.skew += random.pick([HOUR, -HOUR, 3 * DAY, -3 * DAY, 400 * DAY, -400 * DAY]);
    world.happened('clock-jumped');
    return `${device.skew} ms off`;
  },
  weeks: async ({ world, random }) => {
    const days = 1 + random.below(25);
    await pass(world, days * DAY, random);
    world.happened('time-passed');
    return `${days} days`;
  },
  pause: async ({ world, device }) => {
    await world.turn(device, () => device.ask({ v: 1, type: 'pause' }));
    world.happened('paused');
    return 'paused';
  },
  resume: async ({ world, device }) => {
    await world.turn(device, () => device.ask({ v: 1, type: 'resume' }));
    return 'resumed';
  },
  revoke: async ({ world, device }) => {
    await world.operator(() => world.grants.revoke(device.account));
    world.happened('token-revoked');
    return `the tokens of ${device.account}`;
  },
  'server-dies': async ({ world, random }) => {
    const point = random.pick([
      'server-killed-before-commit',
      'server-killed-before-answer',
    ] as const);
    world.server.arm(point, random.below(6), random.pick([0, 0, 1, 4]));
    return point;
  },
  'server-trouble': async ({ world, random }) => {
    const point = random.pick(['server-busy', 'server-full'] as const);
    world.server.arm(point, random.below(4));
    return point;
  },
  ...HISTORIES,
  ...DEVICE_TROUBLES,
  ...LOST_REPLICAS,
  ...SERVER_AGES,
};

/** In which of its contexts a device does it: mostly there is one. */
function contextOf({ world, device, random }: Doing): number {
  const place = random.chance(0.12) ? 1 : 0;
  if (place === 1 && device.contexts === 1) world.happened('second-context');
  return device.contexts === 0 ? 0 : place;
}

/** How many steps of its disk a device gets for now: mostly as many as it wants. */
const cut = (random: Random): number => (random.chance(0.25) ? random.below(60) : Infinity);

function opIn(
  { world, device, random }: Doing,
  mutations: OpRequest['do'],
  mark: string,
): OpRequest {
  const space = random.chance(0.05) ? undefined : random.pick(world.grants.listsOf(device.account));
  return { ...(space && { space }), do: words.marked(mutations, mark) };
}

/** What may be accepted ahead of its records: new ones, all in one space. */
function newsIn({ world, device, random }: Doing, marks: readonly string[]): OpRequest[] {
  const space = random.pick(world.grants.listsOf(device.account));
  return marks.map((mark) => ({ space, do: words.marked([words.news(random, mark)], mark) }));
}

interface Instead extends OpRef {
  readonly payload: string;
}

/** Asks a device to take a write, and lets it. */
async function write(
  doing: Doing,
  ops: readonly OpRequest[],
  marks: readonly string[],
  instead: readonly Instead[] = [],
): Promise<string> {
  await doing.world.turn(doing.device, () => begun(doing, ops, marks, instead), cut(doing.random));
  return `${marks.join()} ${ops.map((op) => op.do.map(({ kind }) => kind).join('+')).join()}`;
}

/** The same ops as a write each, all asked for at once. */
async function burst(
  doing: Doing,
  ops: readonly OpRequest[],
  marks: readonly string[],
): Promise<string> {
  const begin = () => {
    for (const [i, op] of ops.entries()) begun(doing, [op], marks.slice(i, i + 1));
  };
  await doing.world.turn(doing.device, begin, cut(doing.random));
  return `${marks.join()} at once`;
}

function begun(
  { world, device, random }: Doing,
  ops: readonly OpRequest[],
  marks: readonly string[],
  instead: readonly Instead[] = [],
): void {
  const seen = random.chance(0.2) ? {} : cursorsOf(device);
  const isTyping = ops.some(({ typing }) => typing);
  world.moves.push(...movesAsked(ops));
  const asked = device.ask(
    {
      v: 1,
      type: 'write',
      ops: [...ops],
      seen,
      rebuilt: {},
      ahead: true,
      ...(instead.length > 0 && { instead: instead.map(({ row, index }) => ({ row, index })) }),
    },
    // Who types does it in one place: what two places type at once has no order to hold it against.
    isTyping ? 0 : contextOf({ world, device, random }),
  );
  world.openWrites.push({
    asked,
    device,
    marks,
    seen,
    typing: isTyping,
    instead: instead.map(({ payload }) => words.markOf(payload)),
    failures: device.disk.failures,
  });
}

/** What a page of this device has on screen. */
const cursorsOf = (device: SimDevice): Record<SpaceId, number> =>
  Object.fromEntries(device.disk.spaces().map(({ space, cursor }) => [space, cursor]));

const nameOfConflict = ({ actor, clock, collection, id, field, kind }: Conflict) => ({
  actor,
  clock,
  collection,
  id,
  field,
  kind,
});

const shortened = (mutation: Extract<OpRequest['do'][number], { kind: 'put' }>) => ({
  ...mutation,
  fields: Object.fromEntries(
    Object.entries(mutation.fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, 100) : value,
    ]),
  ),
});
