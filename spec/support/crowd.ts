/**
 * A few people with a device each, a bad network between them and the server, and workers that die at
 * any moment: what they do is random, from a seed.
 */
import type { MutationJson, OpRequest, Receipt, SpaceId } from '../../core/index.ts';
import { createDevice, uuid, type Device } from './device.ts';
import { listsConfig, newItem, newList, remove } from './lists-config.ts';
import { randomFrom, type Random } from './random.ts';

const DEVICES = 3;

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Person {
  readonly device: Device;
  readonly network: { badness: number };
  /** What was accepted, in order: receipt and mark of each op. */
  readonly written: { readonly receipt: Receipt; readonly mark: string }[];
  connected: boolean;
  /** Drains of workers that were killed under them: they end some time. */
  readonly loose: Promise<unknown>[];
}

function person(random: Random): Person {
  const network = { badness: 0.3 };
  const device = createDevice({
    config: listsConfig,
    listens: false,
    fetch: async (url, init) => {
      if (random.chance(network.badness / 2)) throw new TypeError('lost on the way there');
      const response = await fetch(url, init);
      // The body is read here, so that nothing of it is left in the air when the answer is lost.
      const body = await response.text();
      if (random.chance(network.badness)) throw new TypeError('lost on the way back');
      // Late: a worker that was given up may take it in after its successor went on.
      if (random.chance(network.badness / 2)) await wait(random.below(40));
      return new Response(body, response);
    },
  });
  return { device, network, written: [], connected: false, loose: [] };
}

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];

export class Crowd {
  readonly #random: Random;
  readonly #url: string;
  readonly #token: string;
  readonly people: readonly Person[];
  readonly #lists: SpaceId[] = [uuid() as SpaceId, uuid() as SpaceId, uuid() as SpaceId];
  #marks = 0;

  constructor(seed: number, { url, token }: { url: string; token: string }) {
    this.#url = url;
    this.#random = randomFrom(seed);
    this.#token = token;
    this.people = Array.from({ length: DEVICES }, () => person(this.#random));
  }

  async step(): Promise<void> {
    const one = this.#random.pick(this.people);
    const kind = this.#random.below(20);
    if (kind < 11) await this.#write(one);
    else if (kind < 15) await one.device.ask({ v: 1, type: 'ring', reason: 'visible' });
    else if (kind === 15) one.device.offline = !one.device.offline;
    else if (kind === 16) await this.#connect(one);
    else if (kind === 17) this.#killInMidDrain(one);
    else if (kind === 18) await this.#atOnce(one);
    else await one.device.ask({ v: 1, type: 'ring', reason: 'poll' });
  }

  async #connect(one: Person): Promise<void> {
    const { device } = one;
    const reply = await device.ask({ v: 1, type: 'connect', url: this.#url, token: this.#token });
    one.connected ||= reply.type === 'ok';
  }

  /** The worker dies while a request is on its way; what it had begun may still come to its end. */
  #killInMidDrain(one: Person): void {
    one.loose.push(one.device.engine.drain({ force: true }));
    one.device.restart();
  }

  async #atOnce(one: Person): Promise<void> {
    await Promise.all([
      this.#write(one),
      one.device.ask({ v: 1, type: 'ring', reason: 'visible' }),
      this.#write(one),
    ]);
  }

  async #write(one: Person): Promise<void> {
    const random = this.#random;
    const count = random.chance(0.1) ? 40 : random.pick([1, 1, 1, 2, 5]);
    const ops = Array.from({ length: count }, () => this.#op());
    const marks = ops.map(({ mark }) => mark);
    const reply = await one.device.ask({
      v: 1,
      type: 'write',
      ops: ops.map(({ request }) => request),
      seen: random.chance(0.3) ? {} : await cursorsOf(one.device),
    });
    if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
    reply.receipts.forEach((receipt, i) => one.written.push({ receipt, mark: marks[i] as string }));
  }

  #op(): { readonly request: OpRequest; readonly mark: string } {
    const random = this.#random;
    const mark = `#${this.#marks++}#`;
    const text = random.chance(0.02) ? mark + 'x'.repeat(2000) : mark;
    const list = random.pick(this.#lists);
    const item = random.pick(ITEMS);
    // A mark in an op that has no text of its own: a put of a record of nobody's.
    const marker = newItem(`mark-${mark}`, text);
    const edit: MutationJson = {
      kind: 'put',
      collection: 'items',
      id: item,
      fields: { [random.pick(['title', 'note'])]: text },
      ...(random.chance(0.3) && { latest: ['title'] }),
      ...(random.chance(0.3) && { manual: ['note'] }),
    };
    const other = random.pick(this.#lists);
    const changes: readonly [SpaceId | undefined, MutationJson[]][] = [
      [list, [newItem(item, text)]],
      [list, [edit]],
      [list, [edit]],
      [list, [remove('items', item), marker]],
      [list, [{ kind: 'restore', collection: 'items', id: item }, marker]],
      [list, [newItem(item, text), edit, remove('items', random.pick(ITEMS))]],
      [other, [{ ...newItem(item, text) }, { ...edit, collection: 'unknown to the app' }]],
      [undefined, [newList(list, text)]],
      [undefined, [{ ...newList(list, text) }, edit]],
      [undefined, [marker]],
      [undefined, [newList(list, text), remove('lists', other)]],
    ];
    const [space, mutations] = random.pick(changes);
    // An op of the home names what may be nowhere yet: only what is new can do without a space.
    const home =
      space === undefined ? mutations.filter((m) => m.kind === 'put' && m.new) : mutations;
    return { request: { ...(space && { space }), do: home }, mark };
  }

  /** Everybody comes home to a good network. */
  async comeHome(): Promise<void> {
    for (const one of this.people) {
      one.network.badness = 0;
      one.device.offline = false;
      await Promise.all(one.loose);
      await this.#connect(one);
    }
    for (let round = 0; round < 4; round++) {
      for (const { device } of this.people)
        await device.ask({ v: 1, type: 'ring', reason: 'visible' });
    }
  }
}

async function cursorsOf(device: Device): Promise<Record<SpaceId, number>> {
  const reply = await device.ask({ v: 1, type: 'catch-up', rows: [] });
  return reply.type === 'caught-up' ? reply.cursors : {};
}
