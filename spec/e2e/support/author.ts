/**
 * Somebody at a device whose every write bears a mark of its own, `A 1`, `A 2` …, so that the
 * server's logs can be held against what was written, in the order in which it was.
 */
import { expect } from '@playwright/test';
import { uuidV7, type Status } from '../../../core/index.ts';
import { ask } from './ask.ts';
import { groupedBy } from './each-once.ts';
import type { DevicePage } from './fixtures.ts';
import type { LoggedOp } from './server-process.ts';

/** Where lists themselves are written; items are written in the space of their list. */
export const HOME = 'home';

/** The status of a device that has nothing left to do. */
export const HEALTHY = {
  phase: 'idle',
  pending: 0,
  oldestPendingAt: null,
  behind: 0,
  setAside: 0,
  stalled: false,
  waiting: null,
  trouble: null,
};

interface Written {
  readonly space: string;
  readonly mark: string;
  readonly as: 'title' | 'new title' | 'note';
}

export class Author {
  readonly name: string;
  readonly device: DevicePage;
  readonly #written: Written[] = [];
  readonly #rows: number[] = [];

  constructor(name: string, device: DevicePage) {
    this.name = name;
    this.device = device;
  }

  get count(): number {
    return this.#written.length;
  }

  // ---- by the app's own screen

  /** Adds a list, which opens it; returns its name and its id. */
  async addList(): Promise<{ readonly title: string; readonly list: string }> {
    const title = this.#mark(HOME);
    return { title, list: await this.device.app.addList(title) };
  }

  /** Adds an item to the open list. */
  async addItem(): Promise<void> {
    await this.device.app.addItem(this.#mark(this.device.app.openListId()));
  }

  /** Gives the open list another name. */
  async renameList(): Promise<string> {
    const title = this.#mark(HOME, 'new title');
    await this.device.app.renameOpenList(title);
    return title;
  }

  /** Gives an item of the open list another note. */
  async changeNote(title: string): Promise<void> {
    const note = this.#mark(this.device.app.openListId(), 'note');
    await this.device.app.editItem(title, { note });
  }

  // ---- by the worker's door, as the page library does

  /** One write with several ops; returns the new items' ids. */
  async putItems(list: string, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, newId);
    await this.#write(ids.map((id) => put(list, 'items', id, true, this.#item(list))));
    return ids;
  }

  /** A new list with an item, as one write: two spaces, one of which no server knows. */
  async putList(): Promise<void> {
    const id = newId();
    const list = { space: undefined, do: [mutation('lists', id, true, this.#title(HOME))] };
    await this.#write([list, put(id, 'items', newId(), true, this.#item(id))]);
  }

  async note(list: string, item: string): Promise<void> {
    await this.#write([put(list, 'items', item, false, { note: this.#mark(list, 'note') })]);
  }

  /** Adds to the item's counter twice, and to its set, from which it takes what is called `both`: without marks. */
  async addUp(list: string, item: string, ...besides: string[]): Promise<void> {
    const of = { collection: 'items', id: item };
    const changes = [
      { kind: 'increment', field: 'packed', by: 1 },
      { kind: 'increment', field: 'packed', by: 1 },
      { kind: 'remove', field: 'tags', values: ['both'] },
      { kind: 'add', field: 'tags', values: [this.name, ...besides] },
    ];
    await this.#write(changes.map((change) => ({ space: list, do: [{ ...change, ...of }] })));
  }

  // ---- what became of it

  async status(): Promise<Status> {
    const { reply } = await ask(this.device.page, 'port', { v: 1, type: 'status' });
    if (reply.type !== 'ok') throw new Error(`no status but ${reply.type}`);
    return reply.status;
  }

  /** How far each space is folded here, and what became of the rows that went through the door. */
  async caughtUp() {
    const request = { v: 1, type: 'catch-up', rows: this.#rows };
    const { reply } = await ask(this.device.page, 'port', request);
    if (reply.type !== 'caught-up') throw new Error(`not caught up but ${reply.type}`);
    return { cursors: reply.cursors, outcomes: reply.outcomes.map(({ kind }) => kind) };
  }

  /** The marks in the order of writing, for each space. */
  written(): Map<string, string[]> {
    return groupedBy(
      this.#written,
      ({ space }) => space,
      ({ mark }) => mark,
    );
  }

  /** The author's marks as the logs have them, for each space. */
  logged(ops: readonly LoggedOp[]): Map<string, string[]> {
    const own = ops.flatMap(({ space, payload }) => {
      const mark = /"(?:title|note)":"([A-Z] \d+)"/.exec(payload)?.[1];
      if (!mark?.startsWith(`${this.name} `)) return [];
      return [{ space: payload.includes('"collection":"lists"') ? HOME : space, mark }];
    });
    return groupedBy(
      own,
      ({ space }) => space,
      ({ mark }) => mark,
    );
  }

  /** What the author gave a name in a space. */
  titlesIn(space: string): string[] {
    return this.#written.flatMap((one) =>
      one.space === space && one.as === 'title' ? [one.mark] : [],
    );
  }

  #mark(space: string, as: Written['as'] = 'title'): string {
    const mark = `${this.name} ${this.#written.length + 1}`;
    this.#written.push({ space, mark, as });
    return mark;
  }

  #title = (space: string) => ({ title: this.#mark(space), order: 'a0' });
  #item = (space: string) => ({ ...this.#title(space), done: false });

  async #write(ops: readonly unknown[]): Promise<void> {
    const { reply } = await ask(this.device.page, 'port', { v: 1, type: 'write', ops });
    expect(reply).toMatchObject({ type: 'accepted' });
    if (reply.type === 'accepted') this.#rows.push(...reply.receipts.map(({ row }) => row));
  }
}

const mutation = (collection: string, id: string, isNew: boolean, fields: object) => ({
  kind: 'put',
  collection,
  id,
  ...(isNew && { new: true }),
  fields,
});

const put = (space: string, ...of: Parameters<typeof mutation>) => ({
  space,
  do: [mutation(...of)],
});

const newId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
