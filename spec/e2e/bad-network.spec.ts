/**
 * Between the browser and the server a network that swallows, cuts, doubles, delays and forges: one
 * fault at a time, so that a failure names it, and then all of them mixed.
 */
import { randomFrom } from '../support/random.ts';
import { readTable } from './support/ask.ts';
import { Author, HEALTHY, HOME } from './support/author.ts';
import {
  openBadNetwork,
  type BadNetwork,
  type BadNetworkOptions,
  type Delivery,
} from './support/bad-network.ts';
import { expectEachOnce } from './support/each-once.ts';
import { FAULTS, type Fault, type Strike } from './support/faults.ts';
import { expect, test as base, type DevicePage } from './support/fixtures.ts';
import { DATABASE } from './support/replica.ts';
import type { ServerProcess } from './support/server-process.ts';

const test = base.extend<{ newNetwork: (options?: BadNetworkOptions) => Promise<BadNetwork> }>({
  newNetwork: async ({ server }, use) => {
    const networks: BadNetwork[] = [];
    await use(async (options) => {
      const network = await openBadNetwork(server.url, options);
      networks.push(network);
      return network;
    });
    for (const network of networks) await network.close();
  },
});

interface Case {
  readonly title: string;
  readonly fault: Fault;
  /** Whether the server has the ops while nobody at the device can know it. */
  readonly isTaken: boolean;
  /** How often the server receives each of these ops whole, and when. */
  readonly deliveries: readonly Delivery['when'][];
  /** What the worker makes of it. */
  readonly failure: 'unreachable' | 'not-ours' | null;
  readonly network?: BadNetworkOptions;
}

/** With pokes a device could learn what became of its ops without asking again. */
const WITHOUT_POKES = { hasPokes: false };

const CASES: readonly Case[] = [
  {
    title: '[DR3] an answer that is lost after the server has committed: the ops are sent again',
    fault: 'answer-lost',
    isTaken: true,
    deliveries: ['in time', 'in time'],
    failure: 'unreachable',
    network: WITHOUT_POKES,
  },
  {
    title: '[DR13] an answer that breaks off: nothing of it counts, and the ops are sent again',
    fault: 'answer-cut',
    isTaken: true,
    deliveries: ['in time', 'in time'],
    failure: 'unreachable',
    network: WITHOUT_POKES,
  },
  {
    title: '[DR13] a request that breaks off: nothing of it is taken, and the ops are sent again',
    fault: 'request-cut',
    isTaken: false,
    deliveries: ['in time'],
    failure: 'unreachable',
  },
  {
    title: '[DR14] a request that arrives twice at the same time: its ops are taken once',
    fault: 'request-doubled',
    isTaken: true,
    deliveries: ['in time', 'in time'],
    failure: null,
  },
  {
    title: '[DR14] a request that arrives again after a later one: its ops are taken once',
    fault: 'request-repeated',
    isTaken: true,
    deliveries: ['in time', 'late'],
    failure: null,
  },
  {
    title: '[DR15] a request that arrives after the one that was sent in its stead changes nothing',
    fault: 'request-overtaken',
    isTaken: false,
    deliveries: ['in time', 'late'],
    failure: 'unreachable',
  },
  {
    title: '[DR16] an answer that is late holds nobody up, and what was written meanwhile follows',
    fault: 'answer-late',
    isTaken: true,
    deliveries: ['in time'],
    failure: null,
  },
  {
    title: '[DR7] a captive portal answers in the server’s stead: the ops wait, and are sent again',
    fault: 'portal',
    isTaken: false,
    deliveries: ['in time'],
    failure: 'not-ours',
  },
];

for (const { title, fault, isTaken, deliveries, failure, network: options } of CASES) {
  test(title, async ({ server, newDevice, newNetwork }) => {
    const network = await newNetwork(options);
    const token = await server.token('ann');
    const [a, b] = await Promise.all([
      join('A', await newDevice(), network.url, token),
      join('B', await newDevice(), server.url, token),
    ]);

    // It strikes the very first op, by a push that also asks the server to make the list's space.
    const first = network.strike(fault);
    const { title, list } = await a.addList();
    const ops = [...(await first.caught)];
    expect(ops).toHaveLength(1);
    expectTaken(server, ops, isTaken);
    await first.go();
    await a.device.app.syncNow();
    await b.device.app.openList(title);

    // And it strikes an item, while both go on writing.
    const second = network.strike(fault);
    await a.addItem();
    ops.push(...(await second.caught));
    expect(ops).toHaveLength(2);
    await a.addItem();
    await a.putItems(list, 3);
    await b.addItem();
    expectTaken(server, ops.slice(1), isTaken);
    await second.go();
    await a.device.app.syncNow();

    // Whatever came late has done nothing to what is written from now on.
    await expect.poll(() => network.stillToArrive).toBe(0);
    await a.addItem();
    await expectAllWell(server, network, [a, b]);
    for (const op of ops) {
      expect(deliveriesOf(op, network).map(({ when }) => when)).toEqual(deliveries);
    }
    expect(await failuresTold(a)).toEqual(failure ? [failure] : []);
  });
}

const SEED = Number(process.env['OFFING_SEED'] ?? 1);
/** Sixteen strikes, each at four writes or more. */
const STRIKES_OF_EACH = 2;
const WRITES_AT_A_TURN = 4;

test(`[DR17] all of it mixed, on two devices at once: every op is in the log once, in order, and all show the same: seed ${SEED}`, async ({
  server,
  newDevice,
  newNetwork,
}, { repeatEachIndex }) => {
  const seed = SEED + repeatEachIndex;
  const random = randomFrom(seed);
  const network = await newNetwork({ keepsConnections: true });
  const token = await server.token('ann');
  const [a, b] = await Promise.all([
    join('A', await newDevice(), network.url, token),
    join('B', await newDevice(), network.url, token),
  ]);
  const { title, list } = await a.addList();
  const [shared = ''] = await a.putItems(list, 1);
  await b.device.app.openList(title);
  await expect.poll(() => b.device.app.titles()).toHaveLength(1);

  await base.step(`seed ${seed}`, async () => {
    const own = new Map<Author, string[]>([a, b].map((author) => [author, [shared]]));
    const strikes: (readonly [Strike, readonly string[]])[] = [];
    for (const fault of shuffled(FAULTS, STRIKES_OF_EACH, random)) {
      const strike = network.strike(fault);
      const author = random.pick([a, b]);
      await writeSome(author, list, own.get(author) ?? [], random);
      // The last one goes on only now, when there is more to send behind it.
      await strikes.at(-1)?.[0].go();
      // The network reports itself back, so that nobody waits for a retry to be due.
      await author.device.page.evaluate(() => dispatchEvent(new Event('online')));
      strikes.push([strike, await strike.caught]);
    }
    await strikes.at(-1)?.[0].go();
    for (const { device } of [a, b]) await device.app.syncNow();

    await expect.poll(() => network.stillToArrive).toBe(0);
    for (const author of [a, b]) await author.addItem();
    const c = await join('C', await newDevice(), server.url, token);
    await c.device.app.openList(title);
    await expectAllWell(server, network, [a, b, c]);
    for (const [{ fault }, ops] of strikes) {
      const least = isDeliveredTwice(fault) ? 2 : 1;
      for (const op of ops) {
        const { length } = deliveriesOf(op, network);
        expect(length, `${fault} of ${op}`).toBeGreaterThanOrEqual(least);
      }
    }
  });
});

/** One device, connected over this address and idle. */
async function join(
  name: string,
  device: DevicePage,
  origin: string,
  token: string,
): Promise<Author> {
  await device.app.connect(`${origin}/#connect=${token}`);
  await device.app.whenControlled();
  return new Author(name, device);
}

/** One turn of an author: four writes, or a few more, by the screen or by the door. */
async function writeSome(
  author: Author,
  list: string,
  own: string[],
  random: ReturnType<typeof randomFrom>,
): Promise<void> {
  const before = author.count;
  while (author.count < before + WRITES_AT_A_TURN) {
    const dice = random.below(10);
    if (dice < 3) await author.addItem();
    else if (dice < 6) own.push(...(await author.putItems(list, 1 + random.below(3))));
    else if (dice < 9) await author.note(list, random.pick(own));
    else await author.putList();
  }
}

/** Each fault so many times, in an order of chance. */
function shuffled(
  faults: readonly Fault[],
  times: number,
  random: ReturnType<typeof randomFrom>,
): Fault[] {
  const left = Array.from({ length: times }, () => faults).flat();
  const plan: Fault[] = [];
  while (left.length > 0) plan.push(...left.splice(random.below(left.length), 1));
  return plan;
}

/** Whoever hears pokes need not send again what an answer was lost of. */
const isDeliveredTwice = (fault: Fault): boolean =>
  CASES.some((each) => each.fault === fault && each.deliveries.length === 2 && !each.network);

const deliveriesOf = (op: string, { deliveries }: BadNetwork): Delivery[] =>
  deliveries.filter(({ ops }) => ops.includes(op));

/** The names of ops, as the network tells them, that the server has in its logs. */
function expectTaken(server: ServerProcess, names: readonly string[], isTaken: boolean): void {
  const inLogs = server.ops().map(({ space, actor, clock }) => `${space} ${actor} ${clock}`);
  expect(names.map((name) => inLogs.includes(name))).toEqual(names.map(() => isTaken));
}

/** The network is good again: everybody's writes are where they belong, and everybody knows it. */
async function expectAllWell(
  server: ServerProcess,
  network: BadNetwork,
  authors: readonly Author[],
): Promise<void> {
  for (const author of authors) {
    await author.device.app.expectStatus('All changes on the server');
    await expect.poll(() => author.status()).toMatchObject(HEALTHY);
  }
  expect(network.deliveries.filter(({ status }) => status !== 200)).toEqual([]);

  expectEachOnce(server);
  const ops = server.ops();
  expect(ops).toHaveLength(authors.reduce((total, { count }) => total + count, 0));
  const heads = Object.fromEntries(ops.map(({ space, seq }) => [space, seq]));
  for (const author of authors) {
    expect(author.logged(ops)).toEqual(author.written());
    await expect.poll(async () => (await author.caughtUp()).cursors).toMatchObject(heads);
    const { outcomes } = await author.caughtUp();
    expect(outcomes).toEqual(outcomes.map(() => 'synced'));
    for (const table of ['_outbox', '_aside']) {
      expect(await readTable(author.device.page, DATABASE, table)).toEqual([]);
    }
  }
  await expect(() => expectSameScreens(authors)).toPass({ timeout: 10_000 });
}

/** Everybody has the same on the screen, and nothing that anybody wrote is missing there. */
async function expectSameScreens(authors: readonly Author[]): Promise<void> {
  const list = authors[0]?.device.app.openListId() ?? '';
  const screens = [];
  for (const { device } of authors) {
    screens.push({ items: await device.app.items(), lists: await device.app.lists() });
  }
  for (const screen of screens) expect(screen).toEqual(screens[0]);
  const shown = screens[0]?.items.map(({ title }) => title).toSorted();
  expect(shown).toEqual(authors.flatMap((author) => author.titlesIn(list)).toSorted());
  const shownLists = screens[0]?.lists.map(({ title }) => title).toSorted();
  expect(shownLists).toEqual(authors.flatMap((author) => author.titlesIn(HOME)).toSorted());
}

/** Why the worker said that it waits, each reason once. */
async function failuresTold({ device }: Author): Promise<string[]> {
  const told = (await device.notices()).flatMap((notice) => {
    const failure = notice.type === 'status' ? notice.status.waiting?.failure : undefined;
    return failure ? [failure.kind === 'network' ? failure.why : failure.kind] : [];
  });
  return [...new Set(told)];
}
