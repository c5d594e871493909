/**
 * Twelve years of real edits, written by people who are offline for random stretches of it, so that
 * thousands of them conflict: nothing may be lost, and everybody must have the same in the end.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SequencedOp } from '../../core/index.ts';
import type { Device } from '../support/device.ts';
import { faultsOf, readReplica, worldsOf } from '../support/replica-check.ts';
import { logsOf } from '../support/restorable-server.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { readText, snapshotOf, textOf } from '../support/snapshots.ts';
import { canonicalWorld, EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';
import { faultsIn, foldAccounted, type Accounted } from './fold-accounted.ts';
import { writeOffline, type OfflineOptions } from './offline-authors.ts';
import { writeOnDevices } from './offline-devices.ts';
import { readHistory, type Edit } from './read-history.ts';

const MERGING = { latest: ['note', 'position'], manual: ['title', 'url'] };

interface Run extends OfflineOptions {
  /** So many at least there are: thousands in all. */
  readonly conflicts: number;
}

const CROWDS: readonly Omit<Run, 'seed'>[] = [
  { devices: 8, stretch: 100, conflicts: 250 },
  { devices: 8, stretch: 400, merging: MERGING, conflicts: 500 },
  { devices: 20, stretch: 600, conflicts: 750 },
  { devices: 20, stretch: 1200, merging: MERGING, conflicts: 750 },
  { devices: 30, stretch: 1500, merging: MERGING, conflicts: 800 },
  { devices: 6, stretch: 2000, conflicts: 700 },
];
/** `OFFING_RUNS` asks for more. */
const RUNS = Math.max(CROWDS.length, Number(process.env['OFFING_RUNS'] ?? 0));
const runs = Array.from({ length: RUNS }, (_, i) => {
  const crowd = CROWDS[i % CROWDS.length] as (typeof CROWDS)[number];
  return { ...crowd, seed: i + 1 };
});

let edits: Edit[];
beforeAll(() => void (edits = readHistory()));

const KINDS = ['delete-edit', 'edit-delete', 'edit-edit', 'resolve-resolve'];

describe('the history, written by people who are offline for stretches of it', () => {
  it.each(runs)(
    '[CF4] [FO33] [FO37] has each value where it belongs, and one end for all: seed $seed',
    ({ conflicts, ...options }) => {
      const { log, replicas } = writeOffline(edits, options);
      const { world, faults } = foldAccounted(log);
      expect(faults).toEqual([]);
      expect(world.conflicts.size).toBeGreaterThan(conflicts);
      for (const { kind } of world.conflicts.values()) expect(KINDS).toContain(kind);
      const end = canonicalWorld(world);
      for (const replica of replicas) {
        expect(replica.isSettled).toBe(true);
        expect(canonicalWorld(replica.world)).toBe(end);
      }
      expect(canonicalWorld(fromSnapshot(log, Math.floor(log.length / 2)))).toBe(end);
    },
    300_000,
  );
});

describe('the same on real devices', () => {
  let server: TestServer;
  let devices: readonly Device[] = [];
  beforeAll(async () => void (server = await startServer()));
  afterAll(async () => {
    for (const device of devices) device.close();
    await server.stop();
  });

  it('[AB40] is one on all of them and in the log, conflicts included, and no value is lost', async () => {
    const token = await server.tokenFor('the list');
    devices = await writeOnDevices(edits, {
      seed: 1,
      devices: 6,
      stretch: 400,
      merging: MERGING,
      server: { url: server.url, token },
    });
    const logs = await logsOf(server.url, token);
    const accounted = new Map([...logs].map(([space, log]) => [space, foldAccounted(log)]));
    const all = [...accounted.values()];
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
    expect(all.reduce((sum, { world }) => sum + world.conflicts.size, 0)).toBeGreaterThan(300);

    const ends = await Promise.all(devices.map(endedAt));
    for (const [i, { replica, status, worlds }] of ends.entries()) {
      expect(status).toMatchObject(ALL_WELL);
      expect(faultsOf(replica, logs)).toEqual([]);
      expect([...worlds.keys()], `lists of ${i}`).toEqual([...(ends[0]?.worlds.keys() ?? [])]);
      for (const [space, world] of worlds) {
        const known = accounted.get(space) as Accounted;
        expect(canonicalWorld(world), `${space} on ${i}`).toBe(canonicalWorld(known.world));
        expect(faultsIn(world, known.account.records(), known.account)).toEqual([]);
      }
    }
  }, 600_000);
});

const ALL_WELL = { phase: 'idle', pending: 0, behind: 0, setAside: 0, trouble: null };

/** What a device has in the end of the home and of each list that is there. */
async function endedAt(device: Device) {
  const replica = await readReplica(device, ['lists', 'items']);
  const followed = replica.spaces.filter((row) => row.followed).map(({ space }) => space);
  const worlds = worldsOf(replica);
  return {
    replica,
    status: await device.engine.status(),
    worlds: new Map(followed.sort().map((space) => [space, worlds.get(space) ?? EMPTY_WORLD])),
  };
}

/** The end of the log for who began with a snapshot of the first `count` ops. */
function fromSnapshot(log: readonly SequencedOp[], count: number): World {
  const read = readText(textOf(snapshotOf(log.slice(0, count))));
  if (!read.ok) throw new Error(read.fault);
  return foldOnto(read.snapshot, log.slice(count));
}
