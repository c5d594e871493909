/**
 * One run of the whole system from one seed: real devices, the real server, and everything that can go
 * wrong between them. First all promises are watched while it goes wrong; then it is healed, and
 * everything has to arrive. Needs nothing but Node.
 */
import type { ConflictSide, SpaceId } from '../../core/index.ts';
import { canonicalJson } from '../../core/index.ts';
import { perform } from './actions.ts';
import { Violation, type FaultCounts } from './faults.ts';
import { checkHome, heal } from './heal.ts';
import { checkDevice, checkWhole } from './oracles.ts';
import { planOf, type Decision, type Theme } from './plan.ts';
import { watchStatus } from './watch-status.ts';
import { newList } from './words.ts';
import { DEVICES, World } from './world.ts';

export interface SimulationOptions {
  /** How many ops have to be accepted before the run is healed. */
  readonly ops: number;
  /** How many faults have to have happened. */
  readonly faults: number;
  /** At most so many decisions, whatever has happened by then. */
  readonly decisions: number;
  /** The decisions themselves, instead of those of the seed. */
  readonly plan?: readonly Decision[];
  /** Which histories become two; otherwise the seed says it. */
  readonly theme?: Theme;
  /**
   * Whether devices are copied that have something to send. Not by default: where one copy forks while
   * the other has sent a part of what they share, the sender cannot know, and the rest is there twice.
   */
  readonly copiesUnsent?: boolean;
  /** Whether errors tell where they were made: it costs time. */
  readonly stacks?: boolean;
}

/** Both sides of a conflict that a run ended with. */
export interface ConflictFound {
  readonly space: SpaceId;
  readonly record: string;
  readonly kind: string;
  readonly open: boolean;
  readonly winner: string;
  readonly loser: string;
}

export interface SimulationResult {
  readonly seed: number;
  /** Of everything that went over the network, was accepted, and ended up in the logs. */
  readonly hash: string;
  readonly ops: number;
  readonly steps: number;
  readonly devices: number;
  readonly faults: FaultCounts;
  readonly conflicts: readonly ConflictFound[];
  /** A line for each step. */
  readonly history: readonly string[];
  readonly violation?: { readonly promise: string; readonly what: string; readonly step: number };
  /** What was decided, for a run of the same or of a part of it. */
  readonly plan: readonly Decision[];
}

const DEFAULTS: SimulationOptions = { ops: 200, faults: 20, decisions: 900 };

/** What a seed's run is about. Both together are asked for by name. */
const themeOf = (seed: number): Theme =>
  (['one history', 'restored servers', 'copied devices'] as const)[seed % 3] ?? 'one history';

let isRunning = false;

/** Runs a seed. Two runs in one process at a time would share the globals: that is refused. */
export async function simulate(
  seed: number,
  options: Partial<SimulationOptions> = {},
): Promise<SimulationResult> {
  if (isRunning) throw new Error('A simulation is running in this process.');
  isRunning = true;
  const world = new World(seed);
  const giveBack = world.scheduler.install({ stacks: options.stacks ?? false });
  world.copiesUnsent = options.copiesUnsent ?? false;
  const plan: Decision[] = [];
  try {
    const violation = await run(world, seed, { ...DEFAULTS, ...options }, plan);
    return resultOf(world, seed, plan, violation);
  } finally {
    giveBack();
    world.server.stop();
    isRunning = false;
  }
}

type Broken = NonNullable<SimulationResult['violation']>;

async function run(
  world: World,
  seed: number,
  options: SimulationOptions,
  plan: Decision[],
): Promise<Broken | undefined> {
  try {
    await begin(world);
    for (const decision of options.plan ?? planOf(seed, DEVICES, options.theme ?? themeOf(seed))) {
      if (options.plan === undefined && isEnough(world, options)) break;
      plan.push(decision);
      await step(world, decision);
    }
    world.history.push('heal');
    await heal(world);
    await checkHome(world);
    return undefined;
  } catch (error) {
    const promise = error instanceof Violation ? error.promise : 'fault';
    const what =
      error instanceof Violation ? error.message : String((error as Error).stack ?? error);
    return { promise, what, step: world.step };
  }
}

/** Everybody's lists, and a first connection for one device of each account. */
async function begin(world: World): Promise<void> {
  await world.setUp();
  for (const device of world.devices) {
    if (device.name !== 'A' && device.name !== 'D') continue;
    const ops = world.grants
      .listsOf(device.account)
      .map((space) => ({ do: [newList(space, device.name)] }));
    await world.turn(device, () => device.ask({ v: 1, type: 'write', ops }));
    await world.turn(device, () => device.ask(world.connectRequest(device)));
  }
}

function isEnough({ ledger, faults, step: done }: World, options: SimulationOptions): boolean {
  const happened = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const isFull = ledger.accepted >= options.ops && happened >= options.faults;
  return isFull || done >= options.decisions;
}

const WHOLE_EVERY = 40;
/** Has nothing in common with the number of devices, so that each is asked in its turn. */
const STATUS_EVERY = 7;

async function step(world: World, decision: Decision): Promise<void> {
  world.step += 1;
  const line = await perform(world, decision);
  world.history.push(`${world.step} ${line}`);
  world.trace(line);
  for (const device of world.stirred) checkDevice(world, device);
  world.stirred.clear();
  if (world.step % WHOLE_EVERY === 0) for (const device of world.devices) checkWhole(world, device);
  const asked = world.devices[world.step % world.devices.length];
  if (asked && world.step % STATUS_EVERY === 0) await watchStatus(world, asked);
}

function resultOf(
  world: World,
  seed: number,
  plan: readonly Decision[],
  violation: Broken | undefined,
): SimulationResult {
  for (const { space, ops } of world.logs.all) world.trace(`${space} ${ops.at(-1)?.digest}`);
  return {
    seed,
    hash: world.hash,
    ops: world.ledger.accepted,
    steps: world.step,
    devices: world.devices.length,
    faults: world.faults,
    conflicts: conflictsIn(world),
    history: world.history,
    plan,
    ...(violation && { violation }),
  };
}

function conflictsIn(world: World): ConflictFound[] {
  return [...world.logs.all].flatMap(({ space, ops }) => {
    const state = world.logs.past(space, ops.at(-1)?.digest ?? '')?.world;
    return [...(state?.conflicts.values() ?? [])].map(
      ({ kind, collection, id, field, open, winner, loser }) => ({
        space,
        record: [collection, id, ...(field === null ? [] : [field])].join('/'),
        kind,
        open,
        winner: textOf(winner),
        loser: textOf(loser),
      }),
    );
  });
}

const textOf = ({ values, changes = [] }: ConflictSide): string =>
  values === null
    ? 'deleted'
    : [canonicalJson(Object.fromEntries(values)), ...changes.map(({ kind }) => kind)].join(' ');
