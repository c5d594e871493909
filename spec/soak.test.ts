/**
 * A few people, a bad network and workers that die at any moment: random, from a seed. After every
 * few steps each replica is looked into, and when all have come back everything is where it belongs.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SequencedOp, SpaceId } from '../core/index.ts';
import { Crowd } from './support/crowd.ts';
import { listsConfig } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';
import { startServer, type TestServer } from './support/server.ts';

const STEPS = 120;
/** `OFFING_SOAK=100 npx vitest run spec/soak` soaks for longer, from `OFFING_SEED` on. */
const SEEDS = Number(process.env['OFFING_SOAK'] ?? 3);
const FIRST_SEED = Number(process.env['OFFING_SEED'] ?? 1);

let server: TestServer;
// Small answers, so that many are cut, with own and others' ops mixed; and texts that are refused.
const limits = { opsPerAnswer: 7, payloadBytes: 1500 };
beforeAll(async () => void (server = await startServer({ limits })));
afterAll(() => server.stop());

async function check(run: Crowd, token: string): Promise<void> {
  const replicas = await Promise.all(
    run.people.map(({ device }) => readReplica(device, Object.keys(listsConfig.collections))),
  );
  const logs = await logsOf(server.url, token);
  expect(
    replicas.flatMap((replica, i) => faultsOf(replica, logs).map((fault) => `${i}: ${fault}`)),
  ).toEqual([]);
}

/** Each op once: in a log, or set aside; those of one device and space in the order it wrote them. */
async function checkOps(run: Crowd, logs: Map<SpaceId, SequencedOp[]>): Promise<void> {
  const all = [...logs.values()].flat().map(({ payload }) => payload);
  const written = run.people.flatMap((one) => one.written);
  expect(all.length).toBe(new Set(all).size);
  for (const { device, written: own } of run.people) {
    const aside = (await device.table('_aside').toArray()) as { payload: string }[];
    const taken = own.filter(({ mark }) => !aside.some(({ payload }) => payload.includes(mark)));
    expect(taken.length + aside.length).toBe(own.length);
    for (const [space, log] of logs) {
      const mine = taken.filter(({ mark }) => log.some(({ payload }) => payload.includes(mark)));
      const places = mine.map(({ mark }) => log.findIndex(({ payload }) => payload.includes(mark)));
      expect(places, `order in ${space}`).toEqual([...places].sort((a, b) => a - b));
    }
  }
  const asides = await Promise.all(run.people.map(({ device }) => device.table('_aside').count()));
  expect(all.length + asides.reduce((a, b) => a + b, 0)).toBe(written.length);
}

describe('a soak', () => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i);

  it.each(seeds)(
    '[AB16] whatever is lost on the way and whoever dies, each op is once in the log or set aside, in order, and every replica is the fold of its log with what is pending on top: seed %i',
    async (seed) => {
      const token = await server.tokenFor(`soak-${seed}`);
      const run = new Crowd(seed, { url: server.url, token });
      for (let i = 0; i < STEPS; i++) {
        await run.step();
        if (i % 10 === 9) await check(run, token);
      }
      await run.comeHome();
      await check(run, token);
      const logs = await logsOf(server.url, token);
      await checkOps(run, logs);
      for (const { device } of run.people) {
        expect(await device.engine.status()).toMatchObject({
          phase: 'idle',
          pending: 0,
          behind: 0,
          trouble: null,
        });
        expect(await device.table('_outbox').count()).toBe(0);
        device.close();
      }
    },
    60_000,
  );
});
