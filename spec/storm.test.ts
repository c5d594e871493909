/** Copies, rollbacks and restores all together, from seeds: nothing is lost, nothing is there twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormerRecord } from '../sw/engine/ports.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';
import { Storm, timesInLogs } from './support/storm.ts';

let server: RestorableServer;
beforeAll(async () => void (server = await startRestorable()));
afterAll(() => server.stop());

/** `STORM=100:50` runs fifty seeds from 100 on. */
const STEPS = 70;
/** On a machine that is busy with much else. */
const A_LONG_STORM_MS = 180_000;
const [first = 1, count = 6] = (process.env['STORM'] ?? '').split(':').filter(Boolean).map(Number);
const seeds = Array.from({ length: count }, (_, i) => first + i);

describe('a storm of copies, rollbacks and restores', () => {
  it.each(seeds)(
    '[AB34] [SE13] [SE14] loses nothing and doubles nothing: seed %i',
    async (seed) => {
      const token = await server.tokenFor(`storm-${seed}`);
      const storm = new Storm(seed, { server, token });
      await storm.begin();
      for (let step = 0; step < STEPS; step++) await storm.step();
      await storm.heal();
      const faults = await faultsAfter(storm, token);
      storm.close();
      expect(faults, storm.story.join('\n')).toEqual([]);
    },
    A_LONG_STORM_MS,
  );
});

async function faultsAfter(storm: Storm, token: string): Promise<string[]> {
  const logs = await server.logs(token);
  const times = timesInLogs(logs);
  const faults = [...times].filter(([, n]) => n > 1).map(([key, n]) => `${n} times: ${key}`);
  for (const { name, device, held, confirmed } of storm.machines) {
    const replica = await readReplica(device, ['lists', 'items']);
    const { phase, pending, trouble, setAside } = await device.engine.status();
    const state = JSON.stringify({ phase, pending, trouble, setAside });
    if (state !== JSON.stringify({ phase: 'idle', pending: 0, trouble: null, setAside: 0 }))
      faults.push(`${name}: ${state}`);
    faults.push(...faultsOf(replica, logs).map((fault) => `${name}: ${fault}`));
    for (const key of held) if (!times.has(key)) faults.push(`${name} has it, no log does: ${key}`);
    const missing = (await device.table('_missing').toArray()) as FormerRecord[];
    const known = new Set([...times.keys()].flatMap((key) => key.match(/"id":"m\d+"/g) ?? []));
    const listed = new Set(missing.map(({ id }) => id));
    for (const id of confirmed) {
      if (id.startsWith('m') && !known.has(`"id":"${id}"`) && !listed.has(id))
        faults.push(`${name} had ${id} confirmed: it is neither in a log nor listed`);
    }
  }
  return faults;
}
