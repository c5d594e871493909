/**
 * A browser profile that was copied, and one that was put back from a copy of itself: real browsers on
 * real directories. Each takes itself for the one device until the server, or the log, says otherwise.
 */
import { ask, readTable } from './support/ask.ts';
import { Author, HEALTHY } from './support/author.ts';
import { expectEachOnce } from './support/each-once.ts';
import { expect, test as base, type DevicePage } from './support/fixtures.ts';
import { newProfile, type Profile } from './support/profile.ts';
import * as replica from './support/replica.ts';
import type { LoggedOp, ServerProcess } from './support/server-process.ts';

const test = base.extend<{ newProfile: (copied?: Profile) => Promise<Profile> }>({
  newProfile: async ({ server }, use) => {
    const profiles: Profile[] = [];
    await use(async (copied) => {
      const profile = copied ? await copied.copy() : await newProfile(server.url);
      profiles.push(profile);
      return profile;
    });
    for (const profile of profiles) await profile.dispose();
  },
});

// A trace of every browser would take longer than the test.
test.use({ trace: 'off' });

/** The items of the list that every story begins with. */
const TENT = 'O 2';
const STOVE = 'O 3';

const CASES = [
  { title: 'ops that nobody had tried to send', isTried: false },
  { title: 'ops that a failed try had sealed', isTried: true },
];

for (const { title, isTried } of CASES) {
  test(`[AB30] [SE10] [SE12] [FO27] a profile copied with ${title}: both go on, every op of both is in its log once, and all devices agree`, async ({
    server,
    newProfile,
    newDevice,
  }) => {
    const first = await newProfile();
    const original = await begin(server, first);
    const camp = first.page.url();
    const { list: apart } = await original.addList();
    await first.page.goto(camp);
    await whenSent(first);

    // The connection is lost. What is written now is in both copies, as the same ops.
    if (!isTried) await first.app.pause();
    first.network.cut();
    await original.changeNote(TENT);
    await original.addItem();
    await original.putItems(apart, 2);
    await original.putList();
    const list = first.app.openListId();
    const stove = (await replica.itemOf(first, STOVE))?.['id'] as string;
    await original.addUp(list, stove, 'both');
    if (isTried) await first.app.syncNow();
    await expect.poll(() => replica.areSealed(first)).toEqual(Array(6).fill(isTried));
    const shared = await replica.actorsOf(first);
    await first.quit();
    const second = await newProfile(first);
    second.network.cut();

    // Each goes on by itself, with the same records and with new ones.
    const [a, b] = [new Author('A', first), new Author('B', second)];
    for (const [author, profile] of [
      [a, first],
      [b, second],
    ] as const) {
      await open(profile, camp);
      expect(await replica.areSealed(profile)).toEqual(Array(6).fill(isTried));
      await author.changeNote(TENT);
      await author.renameList();
      await profile.app.check(STOVE);
      await author.addUp(list, stove);
      await author.addItem();
      await author.putItems(profile.app.openListId(), 3);
      await author.addList();
      await author.addItem();
      if (!isTried) await profile.app.resume();
    }

    // The network is back for the one, then for the other, and then for both.
    await bringBack(first);
    await restart(first, camp);
    await a.changeNote(TENT);
    await a.addItem();
    await bringBack(second);
    await restart(second, camp);
    await b.changeNote(TENT);
    await b.addItem();
    for (const profile of [first, second]) await bringBack(profile);

    // A check and four ops without a mark of each copy, and four from before.
    await expectAllThere(server, [original, a, b], { unmarked: 2 + 3 * 4 });
    const third = await newDevice();
    await third.app.connect(`${server.url}/#connect=${await server.token('ann')}`);
    await expectAgreed([first, second, third], camp);
    // Each has counted twice; what each had removed they had both seen.
    expect(await replica.itemOf(third, STOVE)).toMatchObject({ packed: 6, tags: ['O', 'A', 'B'] });
    // Nothing that either had written or seen itself is among them.
    expect(await replica.conflictsOn(third)).toEqual([
      'note: A 9 over B 1',
      'note: B 1 over A 1',
      'note: B 9 over A 9',
      'title: B 2 over A 2',
    ]);

    // Who came second has another id, and only in the spaces where both had gone on.
    const home = await replica.homeOf(third);
    const both = [home, first.app.openListId()].toSorted();
    expect(await replica.changedActors(first, shared)).toEqual([]);
    expect(await replica.changedActors(second, shared)).toEqual(both);
    const former = (await replica.spacesOf(second)).flatMap(({ space, selves = [] }) =>
      selves.map(({ actor }) => [space, actor]),
    );
    expect(former).toEqual(both.map((space) => [space, shared.get(space)]));
    await expectNamedAsLongAsNeeded(server, second);
  });
}

test('[AC2] [SE10] a profile copied under a running browser, as a backup does it, has all that was accepted, and both go on', async ({
  server,
  newProfile,
}) => {
  const first = await newProfile();
  const original = await begin(server, first);
  const camp = first.page.url();
  first.network.cut();
  await original.changeNote(TENT);
  await original.putItems(first.app.openListId(), 20);
  await first.app.syncNow();
  await expect.poll(() => replica.areSealed(first)).toEqual([true, true]);
  const second = await newProfile(first);
  second.network.cut();
  await open(second, camp);
  for (const table of ['_outbox', 'items', '_spaces']) {
    const rows = await readTable(second.page, replica.DATABASE, table);
    expect(rows).toEqual(await readTable(first.page, replica.DATABASE, table));
  }

  const [a, b] = [new Author('A', first), new Author('B', second)];
  for (const author of [a, b]) {
    await author.addItem();
    await author.addList();
  }
  for (const profile of [first, second, first]) await bringBack(profile);
  await expectAllThere(server, [original, a, b]);
  await expectAgreed([first, second], camp);
  expect(await replica.conflictsOn(first)).toEqual([]);
});

test('[AB30] [SE10] a profile put back from an older copy of itself finds what it wrote since, and goes on', async ({
  server,
  newProfile,
  newDevice,
}) => {
  const profile = await newProfile();
  const original = await begin(server, profile);
  const camp = profile.page.url();
  const { list: apart } = await original.addList();
  await whenSent(profile);
  await profile.quit();
  const backup = await newProfile(profile);

  await open(profile, camp);
  const before = await replica.actorsOf(profile);
  const since = new Author('S', profile);
  await since.changeNote(TENT);
  await since.addItem();
  await since.putItems(apart, 2);
  await since.addList();
  await since.addItem();
  await whenSent(profile);
  const written = await replica.itemsByList(profile);
  await profile.quit();

  // What was written in between is gone from it, and its numbers are given a second time.
  await profile.putBack(backup);
  profile.network.cut();
  await open(profile, camp);
  expect(await profile.app.titles()).toEqual([TENT, STOVE]);
  const again = new Author('R', profile);
  await again.changeNote(TENT);
  await again.addItem();
  await again.putItems(profile.app.openListId(), 1);
  await profile.app.syncNow();
  await expect.poll(() => replica.areSealed(profile)).toEqual([true, true, true]);
  await restart(profile, camp);
  await bringBack(profile);

  await expectAllThere(server, [original, since, again]);
  expect(await replica.itemsByList(profile)).toEqual(
    written.map((list) =>
      list.includes(TENT) ? [...list, ...again.titlesIn(profile.app.openListId())] : list,
    ),
  );
  expect(await replica.conflictsOn(profile)).toEqual(['note: R 1 over S 1']);
  // In the list where it had written nothing anew it saw that it had been another one, too.
  expect(await replica.changedActors(profile, before)).toEqual([...before.keys()].toSorted());

  await again.addItem();
  await again.putItems(apart, 1);
  await whenSent(profile);
  await expectAllThere(server, [original, since, again]);
  await expectNamedAsLongAsNeeded(server, profile);
  const fresh = await newDevice();
  await fresh.app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await expectAgreed([profile, fresh], camp);
});

// ---- what happens

/** A connected device with a list of two items, all of it on the server. */
async function begin(server: ServerProcess, profile: Profile): Promise<Author> {
  await profile.start();
  await profile.app.connect(`${server.url}/#connect=${await server.token('ann')}`);
  await profile.app.whenControlled();
  const author = new Author('O', profile);
  await author.addList();
  await author.addItem();
  await author.addItem();
  await whenSent(profile);
  return author;
}

/** Starts the browser on the list that all of it is about. */
async function open(profile: Profile, camp: string): Promise<void> {
  await profile.start();
  await profile.app.open(camp);
  await expect(profile.app.row(TENT)).toBeVisible();
}

/** The browser is quit where there is no network, and started again. */
async function restart(profile: Profile, camp: string): Promise<void> {
  profile.network.cut();
  await profile.quit();
  await open(profile, camp);
}

async function bringBack(profile: Profile): Promise<void> {
  profile.network.mend();
  await profile.app.syncNow();
  await whenSent(profile);
}

/** By the worker's own word: what is on the screen may be of the moment before the last write. */
async function whenSent({ page, app }: DevicePage): Promise<void> {
  await expect
    .poll(async () => (await ask(page, 'port', { v: 1, type: 'status' })).reply)
    .toMatchObject({ status: HEALTHY });
  // Of what the copies wrote at once there may be something to decide.
  await app.expectStatus(/^All changes on the server/);
}

// ---- what must hold

/** Everything that was written is in the logs, once and in order, and every author knows it. */
async function expectAllThere(
  server: ServerProcess,
  authors: readonly Author[],
  { unmarked = 0 } = {},
): Promise<void> {
  for (const author of authors) {
    await whenSent(author.device);
    for (const table of ['_outbox', '_aside']) {
      expect(await readTable(author.device.page, replica.DATABASE, table)).toEqual([]);
    }
  }
  const ops = server.ops();
  expectEachOnce(server);
  for (const author of authors) expect(author.logged(ops)).toEqual(author.written());
  expect(ops).toHaveLength(authors.reduce((total, { count }) => total + count, unmarked));
}

/** The same on every screen, and the same in every database, but for who each one is. */
async function expectAgreed(devices: readonly DevicePage[], camp: string): Promise<void> {
  for (const device of devices) {
    await device.page.goto(camp);
    await whenSent(device);
  }
  await expect(async () => {
    const views = await Promise.all(devices.map(replica.viewOf));
    for (const view of views) expect(view).toEqual(views[0]);
  }).toPass({ timeout: 10_000 });
}

/** An op names a former id as long as its base does not cover what was written under it, and no longer. */
async function expectNamedAsLongAsNeeded(server: ServerProcess, device: DevicePage): Promise<void> {
  const ops = server.ops();
  const found = { named: 0, covered: 0 };
  for (const { space, actor, selves = [] } of await replica.spacesOf(device)) {
    for (const { clock, ...self } of selves) {
      const log = ops.filter((op) => op.space === space);
      const last = log.find((op) => op.actor === self.actor && op.clock === clock);
      for (const op of log.filter((each) => each.actor === actor)) {
        const isCovered = op.base >= (last?.seq ?? Infinity);
        expect(wasOf(op)).toEqual(isCovered ? [] : [{ actor: self.actor, clock }]);
        found[isCovered ? 'covered' : 'named']++;
      }
    }
  }
  expect(Math.min(found.named, found.covered)).toBeGreaterThan(0);
}

const wasOf = ({ payload }: LoggedOp) =>
  (JSON.parse(payload) as { was?: { actor: string; clock: number }[] }).was ?? [];
