/**
 * Somebody at a device: the real engine, over a real transport. It writes whether the server is up or
 * not, and sends when it is. What it was given a receipt for must be in a log in the end, once.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { MutationJson, ParsedPageRequest, Receipt, SpaceId } from '../../core/index.ts';
import { createDevice, type Device } from '../support/device.ts';
import { listsConfig, newItem, remove, setTitle } from '../support/lists-config.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { faultsOf, readReplica } from '../support/replica-check.ts';
import type { logsOf } from '../support/restorable-server.ts';
import type { RawWorld } from './raw-author.ts';

type Logs = Awaited<ReturnType<typeof logsOf>>;

interface OpIn {
  readonly space: SpaceId;
  readonly do: MutationJson[];
}

interface Written {
  readonly space: SpaceId;
  readonly mark: string;
}

const MARK = /"(D\d+ \d+)\."/;
/** Another author's item may be the one that is edited. */
const ITEMS = ['a', 'b', 'c', 'd'];
/** Ops of one write: mostly a few, and now and then many. */
const HOW_MANY = [1, 1, 1, 1, 2, 2, 2, 2, 5, 5, 5, 40];
/** What is written of an item; each has the mark in it, once. */
const WRITES: readonly ((id: string, mark: string) => MutationJson[])[] = [
  (id, mark) => [newItem(id, mark)],
  (id, mark) => [newItem(id, mark)],
  (id, mark) => [setTitle(id, mark)],
  (id, mark) => [{ kind: 'add', collection: 'items', id, field: 'tags', values: [mark, 'red'] }],
  (id, mark) => [{ kind: 'remove', collection: 'items', id, field: 'tags', values: ['red', mark] }],
  (id, mark) => [
    { kind: 'increment', collection: 'items', id, field: 'packed', by: 1 },
    { kind: 'append', collection: 'items', id, field: 'diary', entry: mark },
  ],
];
const MOST_BETWEEN_WRITES_MS = 40;

export class DeviceAuthor {
  readonly faults: string[] = [];
  readonly written: Written[] = [];
  readonly #name: string;
  readonly #world: RawWorld;
  readonly #random: Random;
  readonly #lists: readonly SpaceId[];
  readonly #device: Device = createDevice({ config: listsConfig });
  readonly #afterwards: Promise<unknown>[] = [];
  #marks = 0;

  constructor(name: string, seed: number, lists: readonly SpaceId[], world: RawWorld) {
    this.#name = name;
    this.#world = world;
    this.#random = randomFrom(seed);
    this.#lists = lists;
  }

  async run(): Promise<void> {
    const { url, token, up } = this.#world;
    while (!(await this.#connects(url, token))) await up.whenOpen();
    while (!this.#world.isOver()) {
      await this.#write();
      if (up.isOpen && this.#random.chance(0.3)) await this.#ring();
      await after(this.#random.below(MOST_BETWEEN_WRITES_MS));
    }
  }

  /** Sends what waits, hears what the others wrote, and says what is wrong then. */
  async comeHome(): Promise<void> {
    await Promise.all(this.#afterwards);
    for (let round = 0; round < 3; round++) await this.#ring();
    const { phase, pending, behind, setAside, trouble } = await this.#device.engine.status();
    const state = { phase, pending, behind, setAside, trouble };
    const well = { phase: 'idle', pending: 0, behind: 0, setAside: 0, trouble: null };
    if (JSON.stringify(state) !== JSON.stringify(well)) this.#fault(JSON.stringify(state));
  }

  /** How far it has folded each space: the server must never have less. */
  cursors = (): Promise<readonly { readonly space: SpaceId; readonly cursor: number }[]> =>
    this.#device.store.read((tx) => tx.spaces());

  /** The replica is the fold of the logs, and it never had to fork or to be built anew. */
  async checkReplica(logs: Logs): Promise<void> {
    const replica = await readReplica(this.#device, Object.keys(listsConfig.collections));
    for (const fault of faultsOf(replica, logs)) this.#fault(fault);
    for (const { space, rebuilt, selves } of replica.spaces) {
      if (rebuilt || selves) this.#fault(`${space} was built anew, or forked`);
    }
  }

  /** How many of the accepted writes are in no log. */
  lostIn(logs: Logs): number {
    const there = new Map(
      [...logs.keys()].map((space) => [space, new Set(this.#marksIn(logs, space))]),
    );
    return this.written.filter(({ space, mark }) => !there.get(space)?.has(mark)).length;
  }

  /** How often an accepted write is in a log once more than it should be. */
  doubledIn(logs: Logs): number {
    const all = [...logs.keys()].flatMap((space) => this.#marksIn(logs, space));
    return all.length - new Set(all).size;
  }

  /** The spaces in whose log this author's writes are in another order. */
  disorderedIn = (logs: Logs): SpaceId[] =>
    [...logs.keys()].filter((space) => {
      const own = this.written.filter((one) => one.space === space).map(({ mark }) => mark);
      const there = new Set(this.#marksIn(logs, space));
      const inLog = [...there];
      return own.filter((mark) => there.has(mark)).some((mark, i) => mark !== inLog[i]);
    });

  close(): void {
    this.#device.close();
  }

  async #connects(url: string, token: string): Promise<boolean> {
    const reply = await this.#device.ask({ v: 1, type: 'connect', url, token });
    return reply.type === 'ok';
  }

  async #write(): Promise<void> {
    const requests = Array.from({ length: this.#random.pick(HOW_MANY) }, () => this.#ops()).flat();
    const ops = requests.map(({ request }) => request);
    const spaces = await this.#device.store.read((tx) => tx.spaces());
    const seen = Object.fromEntries(spaces.map(({ space, cursor }) => [space, cursor]));
    const write: ParsedPageRequest = { v: 1, type: 'write', ops, seen, rebuilt: {}, instead: [] };
    const { reply, afterwards } = await this.#device.engine.handle(write);
    if (reply.type !== 'accepted') return this.#fault(JSON.stringify(reply));
    reply.receipts.forEach(({ space }: Receipt, i) => {
      const mark = requests[i]?.mark;
      if (mark !== undefined) this.written.push({ space, mark });
    });
    if (afterwards) this.#afterwards.push(afterwards.catch((error) => this.#fault(String(error))));
  }

  /** An op, or the two of a move: what becomes of its deletion is the engine's affair. */
  #ops(): { readonly request: OpIn; readonly mark?: string }[] {
    const mark = `${this.#name} ${++this.#marks}`;
    const [space, there] = [this.#random.pick(this.#lists), this.#random.pick(this.#lists)];
    const id = this.#random.pick(ITEMS);
    if (space !== there && this.#random.chance(0.1))
      return [
        { request: { space: there, do: [newItem(id, `${mark}.`)] }, mark },
        { request: { space, do: [remove('items', id)] } },
      ];
    return [{ request: { space, do: this.#random.pick(WRITES)(id, `${mark}.`) }, mark }];
  }

  async #ring(): Promise<void> {
    const reply = await this.#device.ask({ v: 1, type: 'ring', reason: 'visible' });
    if (reply.type === 'error') this.#fault(JSON.stringify(reply));
  }

  #marksIn(logs: Logs, space: SpaceId): string[] {
    return (logs.get(space) ?? []).flatMap(({ payload }) => {
      const mark = MARK.exec(payload)?.[1];
      return mark?.startsWith(`${this.#name} `) ? [mark] : [];
    });
  }

  #fault(what: string): void {
    this.faults.push(`${this.#name}: ${what}`);
  }
}
