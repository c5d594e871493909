/**
 * Devices of one account in a storm, from a seed: databases that are copied or put back from older
 * copies, a server that is put back to earlier days, answers that are lost, and people who go on
 * writing. It keeps book of which op is kept where.
 */
import {
  contentOf,
  type MutationJson,
  type OutboxRow,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import type { SetAside } from '../../sw/engine/ports.ts';
import { install, profileOf, type Profile } from './clone.ts';
import { createDevice, uuid, type Device } from './device.ts';
import { listsConfig, newItem, remove } from './lists-config.ts';
import { randomFrom, type Random } from './random.ts';
import type { RestorableServer } from './restorable-server.ts';

const MOST_MACHINES = 6;
const MOST_RESTORES = 3;

/** Ops by what they say, and the records of which it was confirmed that they are there. */
interface Book {
  readonly held: Set<string>;
  readonly confirmed: Set<string>;
}

export interface Machine extends Book {
  readonly name: string;
  device: Device;
  /** 0: all goes through; 1: nothing does. */
  badness: number;
  backup: { readonly profile: Profile; readonly book: Book } | undefined;
}

const copyOf = ({ held, confirmed }: Book): Book => ({
  held: new Set(held),
  confirmed: new Set(confirmed),
});

export class Storm {
  readonly #random: Random;
  readonly #server: RestorableServer;
  readonly #token: string;
  readonly machines: Machine[] = [];
  /** Devices of machines that were put back or are gone. */
  readonly #closed: Device[] = [];
  readonly story: string[] = [];
  #list = uuid() as SpaceId;
  #backups: string[] = [];
  #restores = 0;
  #marks = 0;
  /** Stands still often, so that copies write at one time. */
  #now = Date.now() - 3_600_000;

  constructor(seed: number, { server, token }: { server: RestorableServer; token: string }) {
    this.#random = randomFrom(seed);
    this.#server = server;
    this.#token = token;
  }

  async begin(): Promise<void> {
    for (const name of ['a', 'b', 'c']) {
      const machine = this.#machine(name, { held: new Set(), confirmed: new Set() });
      await machine.device.connect(this.#server.url, this.#token);
    }
    const [first] = this.machines;
    if (!first) return;
    await this.#accept(first, [
      { space: this.#list, do: [newItem('shared', 'begun'), tags('add', 'red', 'blue')] },
    ]);
    await this.#accept(first, [
      {
        space: undefined,
        do: [
          { kind: 'put', collection: 'lists', id: this.#list, new: true, fields: { title: 'L' } },
        ],
      },
    ]);
    for (const machine of [...this.machines, ...this.machines]) await this.#ring(machine);
  }

  async step(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.5)) this.#now += 1;
    const machine = random.pick(this.machines);
    const kind = random.below(100);
    if (kind < 45) await this.#write(machine);
    else if (kind < 75) await this.#ring(machine);
    else if (kind < 83) machine.badness = random.pick([0, 0, 0.3, 1]);
    else if (kind < 87) await this.#copy(machine);
    else if (kind < 90) await this.#backUp(machine);
    else if (kind < 93) await this.#putBack(machine);
    else if (kind < 96) this.#backups.push(await this.#server.backup());
    else await this.#restore();
  }

  /** Everybody comes home to a good network, and nothing more happens. */
  async heal(): Promise<void> {
    for (const machine of this.machines) machine.badness = 0;
    for (let round = 0; round < 6; round++)
      for (const machine of this.machines) await this.#ring(machine);
  }

  close(): void {
    for (const device of [...this.machines.map((one) => one.device), ...this.#closed])
      device.close();
  }

  // ---- what happens

  #tell(text: string): void {
    this.story.push(text);
  }

  #device(machine: () => Machine): Device {
    return createDevice({
      config: listsConfig,
      listens: false,
      now: () => this.#now,
      fraction: () => 0.5,
      fetch: async (url, init) => {
        const { badness } = machine();
        if (this.#random.chance(badness)) throw new TypeError('lost on the way there');
        const response = await fetch(url, init);
        const body = await response.text();
        if (this.#random.chance(badness)) throw new TypeError('lost on the way back');
        return new Response(body, response);
      },
    });
  }

  #machine(name: string, book: Book): Machine {
    const machine: Machine = {
      name,
      ...book,
      badness: 0,
      backup: undefined,
      device: this.#device(() => machine),
    };
    this.machines.push(machine);
    return machine;
  }

  async #copy(machine: Machine): Promise<void> {
    if (this.machines.length >= MOST_MACHINES) return;
    const copy = this.#machine(`${machine.name}${this.machines.length}`, copyOf(machine));
    copy.badness = machine.badness;
    await install(await profileOf(machine.device), copy.device);
    this.#tell(`${copy.name} is a copy of ${machine.name}`);
  }

  async #backUp(machine: Machine): Promise<void> {
    machine.backup = { profile: await profileOf(machine.device), book: copyOf(machine) };
    this.#tell(`${machine.name} is backed up`);
  }

  async #putBack(machine: Machine): Promise<void> {
    const { backup } = machine;
    if (!backup) return;
    this.#closed.push(machine.device);
    const place = this.machines.indexOf(machine);
    const back: Machine = {
      ...machine,
      ...copyOf(backup.book),
      backup,
      device: this.#device(() => back),
    };
    await install(backup.profile, back.device);
    this.machines[place] = back;
    this.#tell(`${machine.name} is put back`);
  }

  async #restore(): Promise<void> {
    const backup = this.#random.pick(this.#backups);
    if (backup === undefined || this.#restores >= MOST_RESTORES) return;
    this.#restores += 1;
    const newEpoch = this.#random.chance(0.5);
    await this.#server.restore(backup, { newEpoch });
    this.#tell(`the server is restored to ${backup.slice(-2)}${newEpoch ? ' in a new epoch' : ''}`);
  }

  async #ring(machine: Machine): Promise<void> {
    this.#tell(`${machine.name} rings${machine.badness > 0 ? ` (${machine.badness})` : ''}`);
    await machine.device.ask({ v: 1, type: 'ring', reason: 'visible' });
    const rows = (await machine.device.table('items').toArray()) as {
      id: string;
      $: { confirmed?: object };
    }[];
    for (const { id, $ } of rows) if ($.confirmed) machine.confirmed.add(id);
  }

  async #write(machine: Machine): Promise<void> {
    const count = this.#random.pick([1, 1, 1, 1, 3]);
    const ops = Array.from({ length: count }, () => ({
      space: this.#random.chance(0.8) ? this.#list : undefined,
      do: this.#mutations(),
    }));
    await this.#accept(machine, ops);
  }

  #mutations(): MutationJson[] {
    const random = this.#random;
    const mark = `m${this.#marks++}`;
    const marker = newItem(mark, mark);
    const count: MutationJson = { ...SHARED, kind: 'increment', field: 'packed', by: 1 };
    return random.pick<MutationJson[]>([
      [marker],
      [marker, { ...SHARED, kind: 'put', fields: { title: mark } }],
      [marker, tags('add', random.pick(TAGS))],
      [marker, tags('remove', random.pick(TAGS))],
      // Nothing in these tells them from what a copy does at the same time.
      [count],
      [count],
      [{ ...SHARED, kind: 'append', field: 'notes', entry: 'noted' }],
      [marker, remove('items', `m${random.below(this.#marks)}`)],
    ]);
  }

  async #accept(
    machine: Machine,
    ops: readonly { readonly space: SpaceId | undefined; readonly do: MutationJson[] }[],
  ): Promise<void> {
    const { device } = machine;
    const isNew = (mutations: MutationJson[]) =>
      mutations.every((one) => one.kind === 'put' && one.new);
    const requests = ops.map(({ space, do: mutations }) => ({
      // What edits the shared record goes where that is.
      ...(space === undefined && isNew(mutations) ? {} : { space: this.#list }),
      do: mutations,
    }));
    const receipts = await device.write(requests, this.#random.chance(0.2) ? {} : undefined);
    for (const { row, index } of receipts) {
      const stored = (await device.table('_outbox').get(row)) as OutboxRow | undefined;
      const settled = (await device.table('_settled').get(row)) as OutboxRow | undefined;
      const of = stored ?? settled;
      const aside = (await device.table('_aside').get([row, index])) as SetAside | undefined;
      if (!of && !aside) throw new Error(`row ${row} was accepted and is nowhere`);
      const key = contentOf(
        of ? { at: of.at, payload: of.payloads[index] ?? '' } : (aside as SetAside),
      );
      machine.held.add(key);
      this.#tell(`${machine.name} writes ${key}`);
    }
  }
}

const SHARED = { collection: 'items', id: 'shared' } as const;
const TAGS = ['red', 'blue', 'green'];
const tags = (kind: 'add' | 'remove', ...values: string[]): MutationJson => ({
  ...SHARED,
  kind,
  field: 'tags',
  values,
});

/** How often each op is in the logs, by what it says. */
export function timesInLogs(
  logs: ReadonlyMap<SpaceId, readonly SequencedOp[]>,
): Map<string, number> {
  const times = new Map<string, number>();
  for (const op of [...logs.values()].flat()) {
    const key = contentOf(op);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}
