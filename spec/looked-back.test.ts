/**
 * A server that was put back to an earlier day and has made a snapshot since, and copies of a device. The
 * snapshot says how far an id's clocks go, and not whose ops are under them: that, the log has to tell.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MutationJson, OutboxRow, SpaceId } from '../core/index.ts';
import { copyOnto, online } from './support/clone.ts';
import { uuid, type Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newList, setTitle } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';
import { hasSnapshot, idOf, newItems, write } from './support/snapshot-way.ts';

const lab = openLab();
let server: RestorableServer;
beforeAll(async () => {
  server = await startRestorable({ snapshots: { every: 30, atLeast: 20 } });
}, 60_000);
afterAll(() => server.stop());

let now = Date.now() - 3_600_000;
const opened = (): Device => lab.device({ listens: false, now: () => (now += 1) });
const copyOf = (device: Device) => copyOnto(opened(), device);

const counts: MutationJson = {
  kind: 'increment',
  collection: 'items',
  id: idOf(0),
  field: 'packed',
  by: 10,
};
const isCount = (payload: string): boolean => payload.includes('"increment"');

let users = 0;

/** A device with three items in a list, all in the log. */
async function scene() {
  const token = await server.tokenFor(`user-${users++}`);
  const a = opened();
  await a.connect(server.url, token);
  const space = uuid() as SpaceId;
  await a.put(undefined, [newList(space, 'Packing')]);
  await write(a, space, newItems(0, 3));
  await online(a);
  return { token, a, space, early: await server.backup() };
}

/** The server is put back; then so much is written by one that it makes a snapshot of all that there is. */
async function restoredAndGoneOn(
  { token, space }: { token: string; space: SpaceId },
  backup: Awaited<ReturnType<RestorableServer['backup']>>,
  by: Device,
): Promise<void> {
  await server.restore(backup, { newEpoch: true });
  await write(by, space, newItems(10, 70));
  await online(by);
  await hasSnapshot(server, { token, space, behind: 30 });
}

async function expectCountedOnce(
  { token, space }: { token: string; space: SpaceId },
  all: readonly Device[],
): Promise<void> {
  const logs = await server.logs(token);
  expect((logs.get(space) ?? []).filter(({ payload }) => isCount(payload))).toHaveLength(1);
  for (const one of all) {
    expect((await one.rows('items', space)).get(idOf(0))).toMatchObject({ packed: 10 });
    expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
  }
}

describe('what was settled before a restore', () => {
  it('[AB87] [AB34] [SE14] is in the log once, where a copy had brought it before it had a clock here', async () => {
    const { token, a, space } = await scene();
    const retitled = (name: string) => [setTitle(idOf(1), `by ${name}`)];
    // It parts from one copy, which takes its next clock, and then from another.
    const first = await copyOf(a);
    await first.put(space, retitled('the first'));
    await online(first);
    await a.put(space, retitled('a'));
    await online(a);
    const second = await copyOf(a);
    await second.put(space, retitled('the second'));
    await online(second);
    // Held back for a while, it gives no clock to what it writes, and folds what a copy has brought.
    const held = { pullOnlyUntil: now + 60_000, trouble: 'space_full' };
    await a.table('_spaces').update(space, held);
    await a.put(space, [counts]);
    const third = await copyOf(a);
    await third.table('_spaces').update(space, { pullOnlyUntil: undefined, trouble: undefined });
    await online(third, a);
    now += 61_000;
    const settled = (await a.table('_settled').toArray()) as OutboxRow[];
    const brought = settled.filter(({ payloads }) => payloads.some(isCount));
    expect(brought.map(({ seal }) => seal)).toEqual([undefined]);

    const backup = await server.backup();
    await a.put(space, [setTitle(idOf(2), 'lost')]);
    await online(a);
    await restoredAndGoneOn({ token, space }, backup, third);
    await online(a, third);
    await expectCountedOnce({ token, space }, [a, third]);
    for (const one of [a, third])
      expect((await one.rows('items', space)).get(idOf(2))).toMatchObject({ title: 'lost' });
  });

  it('[AB87] [AB34] [SE13] is in the log once, where a copy has brought it under another id since', async () => {
    const { token, a, space, early } = await scene();
    const first = await copyOf(a);
    a.offline = true;
    await a.put(space, [counts]);
    const second = await copyOf(a);
    await first.put(space, [setTitle(idOf(1), 'by the first')]);
    await online(first);
    await online(second);
    await online(a);
    // Of the two that have it one comes before the snapshot and one after it; the first never comes again.
    await restoredAndGoneOn({ token, space }, early, second);
    await online(a, second);
    await expectCountedOnce({ token, space }, [a, second]);
  });

  it('[AB87] [AB34] is sent again, where a copy has used its clock for something else since', async () => {
    const { token, a, space, early } = await scene();
    const older = await copyOf(a);
    older.offline = true;
    await a.put(space, [counts]);
    await online(a);
    a.offline = true;
    older.offline = false;
    await restoredAndGoneOn({ token, space }, early, older);
    await online(a, older);
    await expectCountedOnce({ token, space }, [a, older]);
  });
});
