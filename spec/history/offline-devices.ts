/**
 * The history, written by people who are offline for random stretches of it, on real devices: the
 * engine, its Dexie adapter and a server over HTTP. Lists are in the home space and items in a space
 * for each list, as the app has them, so that an item that changes its list moves between spaces.
 */
import type { ConflictRow, MutationJson, SpaceId } from '../../core/index.ts';
import type { HiddenRow, RecordRow } from '../../sw/adapters/record-row.ts';
import { createDevice, type Device } from '../support/device.ts';
import { listsConfig } from '../support/lists-config.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { actsFor, decisionOn, mutationOf, type Merging, type Name, type Seen } from './acts.ts';
import { splitByBytes } from './edit-to-ops.ts';
import { ROOM_FOR_OP, spaceOfList, withoutList } from './list-spaces.ts';
import { readAlong, type ChangeInPlace } from './plain-reading.ts';
import { COLLECTIONS, type Change, type Edit, type Fields } from './read-history.ts';

export interface DevicesOptions {
  readonly seed: number;
  readonly devices: number;
  /** How many edits of the history pass, at most, until a device comes back. */
  readonly stretch: number;
  readonly merging: Merging;
  readonly server: { readonly url: string; readonly token: string };
}

/** Everybody has come home in the end. The devices are the caller's to close. */
export async function writeOnDevices(
  edits: readonly Edit[],
  { seed, devices, stretch, merging, server }: DevicesOptions,
): Promise<Device[]> {
  const random = randomFrom(seed);
  const people = Array.from({ length: devices }, () => new Person(random, merging));
  const personOf = new Map<string, Person>();
  const along = readAlong(edits);
  for (const person of people) await person.device.connect(server.url, server.token);
  for (const [i, { actor }] of edits.entries()) {
    for (const person of people)
      if (person.backAt <= i) await person.comeBack(i + 1 + random.below(stretch));
    const writer = personOf.get(actor) ?? random.pick(people);
    personOf.set(actor, writer);
    await writer.carryOut(along[i] ?? []);
  }
  // Twice: what the last of them sends, the first has yet to hear of.
  for (const _ of ['send', 'hear']) for (const person of people) await person.comeHome();
  return people.map(({ device }) => device);
}

/** A mutation in its space. */
type Placed = readonly [space: SpaceId, mutation: MutationJson];

/** What is on screen of a record, and in which space. */
interface OnScreen {
  readonly seen: Seen;
  readonly space: SpaceId;
}
type Screen = ReadonlyMap<string, OnScreen>;

const MOST_SKEW_MS = 86_400_000;
const MOST_DECIDED = 3;

class Person {
  readonly device: Device;
  /** The edit of the history at which they come back. */
  backAt = 0;
  readonly #random: Random;
  readonly #merging: Merging;

  constructor(random: Random, merging: Merging) {
    this.#random = random;
    this.#merging = merging;
    const skew = random.below(2 * MOST_SKEW_MS) - MOST_SKEW_MS;
    this.device = createDevice({
      config: listsConfig,
      listens: false,
      now: () => Date.now() + skew,
      fraction: () => 0.5,
    });
  }

  async carryOut(changes: readonly ChangeInPlace[]): Promise<void> {
    const screen = await screenOf(this.device, changes);
    const meta = await this.device.store.read((tx) => tx.meta());
    if (!meta) throw new Error('it has not connected');
    const placed = changes.flatMap((one) =>
      one.change.collection === 'lists'
        ? this.#placedList(one, screen, meta.home)
        : this.#placedItem(one, screen),
    );
    await this.#write(placed);
    const deleted = placed.find(([, { kind }]) => kind === 'delete');
    if (deleted && this.#random.chance(0.1)) await this.#undo(deleted);
  }

  /** Some had no network all the time, some had switched it off. */
  async comeBack(backAt: number): Promise<void> {
    this.backAt = backAt;
    await this.comeHome();
    const open = this.device.table('_conflicts').where('waits').equals(1);
    const waiting = (await open.toArray()) as ConflictRow[];
    for (let i = 0; i < MOST_DECIDED && waiting.length > 0; i++) {
      const conflict = this.#random.pick(waiting);
      if (this.#random.chance(0.5))
        await this.device.put(conflict.space, [decisionOn(conflict, this.#random)]);
    }
    this.device.offline = true;
    if (this.#random.chance(0.5)) await this.device.ask({ v: 1, type: 'pause' });
  }

  async comeHome(): Promise<void> {
    this.device.offline = false;
    await this.device.ask({ v: 1, type: 'resume' });
  }

  #placedList({ change, before, after }: ChangeInPlace, screen: Screen, home: SpaceId): Placed[] {
    const name = nameOf(change);
    const { seen } = screen.get(textOf(name)) ?? UNKNOWN;
    const acts = actsFor(change, seen, after ?? before ?? {}, this.#random);
    return acts.map((act) => {
      const own = 'fields' in act ? { ...act, fields: { ...act.fields, key: change.key } } : act;
      return [home, mutationOf(own, name, this.#merging)];
    });
  }

  #placedItem({ change, before, after }: ChangeInPlace, screen: Screen): Placed[] {
    const name = nameOf(change);
    const { seen, space = spaceIn(before ?? after) } = screen.get(textOf(name)) ?? UNKNOWN;
    return actsFor(change, seen, after ?? before ?? {}, this.#random).flatMap((act): Placed[] => {
      if (!('fields' in act)) return [[space, mutationOf(act, name)]];
      const there = act.fields['list'] === undefined ? space : spaceIn(act.fields);
      const put = mutationOf({ ...act, fields: withoutList(act.fields) }, name, this.#merging);
      if (there === space || typeof seen !== 'object') return [[there, put]];
      // A move takes along all that is on screen.
      const whole = {
        ...act,
        kind: 'make' as const,
        fields: withoutList({ ...seen, ...act.fields }),
      };
      return [
        [there, mutationOf(whole, name, this.#merging)],
        [space, { kind: 'delete', ...name }],
      ];
    });
  }

  async #write(placed: readonly Placed[]): Promise<void> {
    const bySpace = new Map<SpaceId, MutationJson[]>();
    for (const [space, mutation] of placed)
      bySpace.set(space, [...(bySpace.get(space) ?? []), mutation]);
    const ops = [...bySpace].flatMap(([space, mutations]) =>
      splitByBytes(mutations, ROOM_FOR_OP).map((part) => ({ space, do: part })),
    );
    await this.device.write(ops);
  }

  async #undo([space, mutation]: Placed): Promise<void> {
    if (mutation.kind !== 'delete') return;
    await this.#write([[space, { ...mutation, kind: 'restore' }]]);
  }
}

const UNKNOWN: { readonly seen: Seen; readonly space?: SpaceId } = { seen: 'unknown' };

const nameOf = ({ collection, key }: Change): Name => ({
  collection,
  id: collection === 'lists' ? spaceOfList(key) : key,
});

const textOf = ({ collection, id }: Name): string => `${collection}/${id}`;

const spaceIn = (fields: Fields | undefined): SpaceId => spaceOfList(String(fields?.['list']));

/** What the device shows of the records of these changes, and what it knows to be deleted. */
async function screenOf(device: Device, changes: readonly ChangeInPlace[]): Promise<Screen> {
  const screen = new Map<string, OnScreen>();
  const names = changes.map(({ change }) => nameOf(change));
  const hidden = device.table('_hidden').where('[collection+id]');
  const keys = names.map(({ collection, id }) => [collection, id]);
  for (const { space, collection, id, $ } of (await hidden.anyOf(keys).toArray()) as HiddenRow[])
    if ($.confirmed?.grave) screen.set(textOf({ collection, id }), { seen: 'deleted', space });
  for (const collection of COLLECTIONS) {
    const ids = names.filter((name) => name.collection === collection).map(({ id }) => id);
    const rows = await device.table(collection).where('id').anyOf(ids).toArray();
    for (const { space, id, $: _, ...fields } of rows as (RecordRow & Fields)[])
      screen.set(textOf({ collection, id }), { seen: fields, space });
  }
  return screen;
}
