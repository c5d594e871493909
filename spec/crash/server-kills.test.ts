/** A short run of `npm run crash`: the real server, killed again and again while it is written to. */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildServer } from '../../server/testing/process.ts';
import { killServers } from './server-kills.ts';

const KILLS = 10;
const SEED = Number(process.env['OFFING_SEED'] ?? 1);

beforeAll(buildServer, 120_000);

describe('a server that is killed at any moment', () => {
  it(`[LG20] [LG21] [OPS15] starts again, and has every acknowledged op once, in its author's order: seed ${SEED}`, async () => {
    const { kills, lost, doubled, faults, accepted } = await killServers({
      kills: KILLS,
      seed: SEED,
    });
    expect(faults).toEqual([]);
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
    expect(kills['any time'] + kills.commit + kills.start).toBe(KILLS);
    expect(accepted).toBeGreaterThan(0);
  }, 180_000);
});
