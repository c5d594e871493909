/**
 * Somebody at a device: the real engine, over a real transport. It writes whether the server is up or
 * not, and sends when it is. What it was given a receipt for must be in a log in the end, once.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { ParsedPageRequest, Receipt, SpaceId } from '../../core/index.ts';
import { createDevice, type Device } from '../support/device.ts';
import { listsConfig, newItem, setTitle } from '../support/lists-config.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { faultsOf, readReplica } from '../support/replica-check.ts';
import type { logsOf } from '../support/restorable-server.ts';
import type { RawWorld } from './raw-author.ts';

type Logs = Awaited<ReturnType<typeof logsOf>>;

interface Written {
  readonly space: SpaceId;
  readonly mark: string;
}

const MARK = /"(D\d+ \d+)\."/;
/** Another author's item may be the one that is edited. */
const ITEMS = ['a', 'b', 'c', 'd'];
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
  lostIn = (logs: Logs): number =>
    this.written.filter(({ space, mark }) => !this.#marksIn(logs, space).includes(mark)).length;

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
    const requests = Array.from({ length: this.#random.pick([1, 1, 2, 5]) }, () => this.#op());
    const ops = requests.map(({ request }) => request);
    const spaces = await this.#device.store.read((tx) => tx.spaces());
    const seen = Object.fromEntries(spaces.map(({ space, cursor }) => [space, cursor]));
    const write: ParsedPageRequest = { v: 1, type: 'write', ops, seen, rebuilt: {}, instead: [] };
    const { reply, afterwards } = await this.#device.engine.handle(write);
    if (reply.type !== 'accepted') return this.#fault(JSON.stringify(reply));
    reply.receipts.forEach(({ space }: Receipt, i) => {
      this.written.push({ space, mark: requests[i]?.mark ?? '' });
    });
    if (afterwards) this.#afterwards.push(afterwards.catch((error) => this.#fault(String(error))));
  }

  #op() {
    const mark = `${this.#name} ${++this.#marks}`;
    const item = this.#random.pick(ITEMS);
    const write = this.#random.chance(0.5) ? newItem : setTitle;
    return {
      request: { space: this.#random.pick(this.#lists), do: [write(item, `${mark}.`)] },
      mark,
    };
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
