/** The phases that a space can be in on a device: how each comes about, as an answer finds it. */
import type { MutationJson, OutboxRow, SpaceId, Status } from '../../core/index.ts';
import type { SpaceRow } from '../../sw/engine/ports.ts';
import { uuid, type Device, type DeviceOptions } from '../support/device.ts';
import type { Lab } from '../support/lab.ts';
import { newItem, newList } from '../support/lists-config.ts';
import { ofShortLogs } from '../support/snapshot-way.ts';
import { digestAfter } from './digest-of.ts';
import { opOf, putBack, sendAs, writtenByOther, type Place } from './server-side.ts';
import {
  changed,
  errorOf,
  inTurn,
  letThrough,
  lostOnTheWay,
  lostOnTheWayBack,
  Way,
  type Script,
} from './way.ts';

export interface Scene {
  readonly lab: Lab;
  readonly device: Device;
  readonly way: Way;
  readonly place: Place;
  readonly name: string;
  readonly space: SpaceId;
  /** Titles of all that was accepted in this space, here or elsewhere, in the order of each author. */
  readonly written: { readonly here: string[]; readonly elsewhere: string[] };
  /** Lets time pass on the device. */
  later(ms: number): void;
}

/** What a row may ask of a scene, so that what its answer says is true. */
export interface Wishes {
  /** Of what is sent again: whether the first sending arrived, and only its answer was lost. */
  readonly arrived: boolean;
}

export interface Phase {
  /** Whether the request of this phase brings ops of the space. */
  readonly carries: boolean;
  build(lab: Lab, wishes: Wishes): Promise<Scene>;
}

/** Also short logs have a snapshot, for what is filled from it. */
export const SERVER = { snapshots: { every: 20, atLeast: 10 } };

export const ring = (device: Device, reason: 'visible' | 'poll' = 'visible') =>
  device.ask({ v: 1, type: 'ring', reason });

export const rowOf = async ({
  device,
  space,
}: Pick<Scene, 'device' | 'space'>): Promise<SpaceRow> => (await device.space(space)) as SpaceRow;

export const outboxOf = async ({ device, space }: Scene): Promise<OutboxRow[]> =>
  ((await device.table('_outbox').toArray()) as OutboxRow[]).filter((row) => row.space === space);

/** A device with a list that only it has: nothing of it was ever sent. */
async function fresh(lab: Lab, more: Partial<DeviceOptions> = {}): Promise<Scene> {
  const way = new Way();
  let now = Date.now();
  const name = lab.nextName();
  const token = await lab.server.tokenFor(name);
  const device = lab.device({
    listens: false,
    fetch: way.fetch,
    now: () => now,
    fraction: () => 0.5,
    ...more,
  });
  const space = uuid() as SpaceId;
  await device.connect(lab.server.url, token);
  const place = { url: lab.server.url, token, space };
  const written = { here: [], elsewhere: [] };
  return { lab, device, way, place, name, space, written, later: (ms) => void (now += ms) };
}

/** Accepts items of these titles without sending anything: their rows stay unsealed. */
export async function writeHeld(
  scene: Scene,
  titles: readonly string[],
  first: MutationJson[] = [],
) {
  const { device, space } = scene;
  await device.session.save({ paused: true });
  const items = titles.map((title) => ({ space, do: [newItem(title, title)] }));
  const lists = first.map((mutation) => ({ do: [mutation] }));
  for (const op of [...lists, ...items]) await device.write([op]);
  await device.session.save({ paused: undefined });
  scene.written.here.push(...titles);
}

async function newSpace(lab: Lab): Promise<Scene> {
  const scene = await fresh(lab);
  await writeHeld(scene, ['mine 1', 'mine 2'], [newList(scene.space, 'Camp')]);
  return scene;
}

/** A list with two items that is on the server as it is here. */
async function upToDate(lab: Lab): Promise<Scene> {
  const scene = await fresh(lab);
  await writeHeld(scene, ['old 1', 'old 2'], [newList(scene.space, 'Camp')]);
  await ring(scene.device);
  return scene;
}

async function drainedWith(scene: Scene, ...scripts: readonly Script[]): Promise<Scene> {
  scene.way.script = inTurn(...scripts);
  await ring(scene.device);
  scene.way.script = undefined;
  return scene;
}

/** The first op of an answer alone: the rest is said to follow. */
export const cutAfterOne = (scene: Scene) =>
  changed(scene.space, (part, push) => {
    const [first] = part.ops;
    if (!first || part.ops.length === 1) return part;
    return { ...part, ops: [first], digest: digestAfter(push, scene.space, [first]), more: true };
  });

async function unsealed(lab: Lab): Promise<Scene> {
  const scene = await upToDate(lab);
  await writeHeld(scene, ['mine 1', 'mine 2']);
  return scene;
}

async function sentBefore(lab: Lab, { arrived }: Wishes): Promise<Scene> {
  return drainedWith(await unsealed(lab), arrived ? lostOnTheWayBack : lostOnTheWay);
}

/** Others wrote first, and the answer ended before what was ours. */
async function settledNotFolded(lab: Lab): Promise<Scene> {
  const scene = await upToDate(lab);
  await others(scene, ['other 1', 'other 2']);
  await writeHeld(scene, ['mine 1', 'mine 2']);
  return drainedWith(scene, cutAfterOne(scene), lostOnTheWay);
}

async function pulling(lab: Lab): Promise<Scene> {
  const scene = await upToDate(lab);
  await others(scene, ['other 1', 'other 2', 'other 3']);
  scene.way.losesPages = true;
  await drainedWith(scene, cutAfterOne(scene), lostOnTheWay);
  scene.way.losesPages = false;
  return scene;
}

export async function others(scene: Scene, titles: readonly string[]): Promise<void> {
  await writtenByOther(scene.place, titles);
  scene.written.elsewhere.push(...titles);
}

/** A copy of this device sent the first of what both had written, and then something of its own. */
async function forking(lab: Lab, { arrived }: Wishes): Promise<Scene> {
  const scene = await sentBefore(lab, { arrived: false });
  if (!arrived) return forkingAhead(scene);
  const { actor } = await rowOf(scene);
  const [first] = await outboxOf(scene);
  const { seal, base, at, v, payloads } = first as OutboxRow;
  const clock = seal?.clock ?? 0;
  const both = { clock, base, at, v, payload: payloads[0] } as ReturnType<typeof opOf>;
  await sendAs(scene.place, actor, [both, opOf(clock + 1, 'of the copy')]);
  scene.written.elsewhere.push('of the copy');
  return drainedWith(scene, letThrough, lostOnTheWay);
}

/** The same, where nothing of it arrived: a server says so that has seen what is not there any more. */
async function forkingAhead(scene: Scene): Promise<Scene> {
  const { progress } = await rowOf(scene);
  const error = { code: 'actor_forked', clock: progress.sealed };
  return drainedWith(scene, errorOf(scene.space, error), lostOnTheWay);
}

/** The server was put back to before our last ops; they and a new one are to be offered again. */
async function builtAnew(lab: Lab): Promise<Scene> {
  const scene = await upToDate(lab);
  await writeHeld(scene, ['mine 1', 'mine 2']);
  await ring(scene.device);
  putBack(lab.server.data, scene.space, { to: 2, newEpoch: true });
  await writeHeld(scene, ['mine 3']);
  return drainedWith(scene, letThrough, lostOnTheWay);
}

async function pulledAlone(lab: Lab): Promise<Scene> {
  const scene = await unsealed(lab);
  return drainedWith(scene, errorOf(scene.space, { code: 'space_full', limit: 1 }), letThrough);
}

async function allSetAside(lab: Lab): Promise<Scene> {
  const scene = await unsealed(lab);
  return drainedWith(scene, errorOf(scene.space, { code: 'forbidden' }));
}

/** A long list of others: half of its snapshot is here, and the connection broke off. */
async function filling(lab: Lab): Promise<Scene> {
  const scene = await fresh(lab, { around: ofShortLogs });
  const { device, place, space, way } = scene;
  const titles = Array.from({ length: LONG }, (_, i) => `other ${i}`);
  const other = lab.device({ listens: false });
  await other.connect(place.url, place.token);
  await other.put(undefined, [newList(space, 'Camp')]);
  await other.write(titles.map((title) => ({ space, do: [newItem(title, title)] })));
  scene.written.elsewhere.push(...titles);
  await lab.server.keeper.idle();
  way.cutSnapshotAt = 0.5;
  await ring(device);
  await writeHeld(scene, ['mine 1', 'mine 2']);
  return scene;
}

/** Ops of a log that is not replayed. */
const LONG = 40;

/** By their heads in the table. */
export const PHASES: Readonly<Record<string, Phase>> = {
  new: { carries: true, build: newSpace },
  'up to date': { carries: false, build: upToDate },
  'first sending': { carries: true, build: unsealed },
  'sent before': { carries: true, build: sentBefore },
  'half in': { carries: false, build: settledNotFolded },
  behind: { carries: false, build: pulling },
  forking: { carries: true, build: forking },
  'built anew': { carries: true, build: builtAnew },
  'pulled alone': { carries: false, build: pulledAlone },
  'set aside': { carries: false, build: allSetAside },
  filling: { carries: true, build: filling },
};

export interface Facts {
  readonly status: Status;
  readonly row: SpaceRow;
  readonly outbox: readonly OutboxRow[];
  /** How often pages were told that the space was built anew. */
  readonly rebuilt: number;
}

export async function factsOf(scene: Scene): Promise<Facts> {
  return {
    status: await scene.device.engine.status(),
    row: await rowOf(scene),
    outbox: await outboxOf(scene),
    rebuilt: scene.device.notices.filter(({ type }) => type === 'rebuilt').length,
  };
}
