/** What befalls a server that runs for long: its logs grow old and are dropped, its clock and disk err. */
import type { Action } from './actions.ts';
import { aged, watchDrops } from './watch-retention.ts';
import type { World } from './world.ts';

const DAY = 86_400_000;

export const SERVER_AGES: Readonly<Record<'age' | 'server-clock' | 'damage-snapshot', Action>> = {
  age: async ({ world, random }) => {
    const days = random.pick([1, 30, 91, 91, 400]);
    // A day first: what was written just now is not older than when its log was last looked at.
    const drops = (await serve(world, DAY)) + (await serve(world, days * DAY));
    world.happened('log-aged');
    return `${days} days, ${drops} drops`;
  },
  'server-clock': async ({ world, random }) => {
    world.serverSkew += random.pick([1, -1]) * random.pick([DAY, 91 * DAY, 400 * DAY]);
    world.happened('server-clock-jumped');
    return `${world.serverSkew / DAY} days off`;
  },
  'damage-snapshot': async ({ world, random }) => {
    const changed = world.server.operate(DAMAGE, 1 + random.below(100));
    if (changed > 0) world.happened('snapshot-damaged');
    return `${changed}`;
  },
};

/** The newest of some space, where there is one before it: nobody can make two again. */
const DAMAGE = `
  UPDATE snapshot_part SET body = zeroblob(length(body)) WHERE n = (
    SELECT part.n FROM snapshot_part AS part JOIN snapshot ON snapshot.n = part.snapshot
    WHERE seq = (SELECT max(seq) FROM snapshot AS other WHERE other.space = snapshot.space)
      AND (SELECT count(*) FROM snapshot AS other WHERE other.space = snapshot.space) > 1
    ORDER BY (part.n * ?) % 101 LIMIT 1)`;

/** Lets the server run for `ms`, by its own count; how many logs it dropped something of. */
async function serve(world: World, ms: number): Promise<number> {
  const { retention } = world.server.parts;
  world.ages = aged(world.ages, world.logs, ms);
  await world.operator(() => retention.tick(ms));
  const drops = watchDrops(world.ages, world.logs.readOn());
  for (let i = 0; i < drops; i++) world.happened('log-dropped');
  return drops;
}
