/** A host and an environment for tests: nothing happens but what the test says. */
import {
  asClock,
  asSeq,
  CHANNEL_VERSION,
  keptOf,
  recordKeyOf,
  STARTING,
  type ActorId,
  type HostReply,
  type JsonObject,
  type Notice,
  type PageRequest,
  type Receipt,
  type RecordState,
  type Seq,
  type SpaceId,
  type Stamp,
  type Status,
} from '../../core/index.ts';
import type { HostPlace } from './api.ts';
import type { LateHost } from './choose-host.ts';
import type { Channel, Environment, PageEvent } from './environment.ts';
import { OffingError } from './errors.ts';
import type { Host } from './host.ts';
import type { StoredRow } from './intents.ts';
import { createEvents, createObserved } from './observed.ts';

export const HOME = '01890000-0000-7000-8000-000000000001' as SpaceId;
export const GROCERIES = '01890000-0000-7000-8000-000000000002' as SpaceId;

export const IDLE: Status = { ...STARTING, phase: 'idle' };

type Ask<T extends PageRequest['type']> = Extract<PageRequest, { type: T }>;

/** Accepts every write in a row of its own; keeps what it was asked. */
export class FakeHost implements Host {
  readonly asked: PageRequest[] = [];
  readonly update = null;
  readonly place = createObserved<HostPlace>({ in: 'worker' });
  status: Status = IDLE;
  cursors: Record<SpaceId, Seq> = {};
  /** Answers instead of the defaults, where it returns something. */
  answer: (request: PageRequest) => HostReply | Promise<HostReply> | undefined = () => undefined;
  isClosed = false;
  readonly #notices = createEvents<Notice>();
  readonly #replacements = createEvents<void>();
  #rows = 0;

  async ask(request: PageRequest): Promise<HostReply> {
    this.asked.push(request);
    return (await this.answer(request)) ?? this.#defaultAnswer(request);
  }

  #defaultAnswer(request: PageRequest): HostReply {
    const { status, cursors } = this;
    switch (request.type) {
      case 'write':
        return { type: 'accepted', receipts: this.receiptsFor(request) };
      case 'catch-up':
        return { type: 'caught-up', status, cursors: { ...cursors }, outcomes: [] };
      case 'hello':
      case 'ring':
      case 'unfold':
      case 'sync-now':
      case 'pause':
      case 'resume':
      case 'discard':
      case 'persistence-asked':
      case 'let-go':
      case 'loss-seen':
      case 'away-seen':
      case 'start-anew':
      case 'status':
      case 'connect':
        return { type: 'ok', status };
    }
  }

  /** One row for each space, as the engine does. */
  receiptsFor({ ops }: Ask<'write'>): Receipt[] {
    const rows = new Map<string, number>();
    return ops.map(({ space = HOME }, index) => {
      const row = rows.get(space) ?? (this.#rows += 1);
      rows.set(space, row);
      return { space: space as SpaceId, row, index };
    });
  }

  requests<T extends PageRequest['type']>(type: T): Ask<T>[] {
    return this.asked.filter((request): request is Ask<T> => request.type === type);
  }

  post(notice: Notice): void {
    this.#notices.emit(notice);
  }

  postApplied(space: SpaceId, from: number, to = from): void {
    const seqs = { from: asSeq(from), to: asSeq(to) };
    this.post({ offing: CHANNEL_VERSION, type: 'applied', space, ...seqs, ops: [] });
  }

  postSynced(row: number, seq: number): void {
    const outcomes = [{ row, kind: 'synced', seq: asSeq(seq) }] as const;
    this.post({ offing: CHANNEL_VERSION, type: 'outcomes', outcomes });
  }

  replace(): void {
    this.#replacements.emit();
  }

  onNotice(fn: (notice: Notice) => void) {
    return this.#notices.subscribe(fn);
  }

  onReplaced(fn: () => void) {
    return this.#replacements.subscribe(fn);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A worker that is refused or in reach, as the test says; until then it is waited for. */
export class FakeLateHost extends FakeHost implements LateHost {
  #reach = deferred();

  reachable(): Promise<void> {
    return this.#reach.promise;
  }

  arrive(): void {
    this.#reach.resolve();
    this.#reach = deferred();
    this.#reach.resolve();
  }

  refuse(error: Error = new OffingError('unreachable', 'Refused.')): void {
    this.#reach = deferred();
    this.#reach.reject(error);
  }
}

function deferred() {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

interface Timer {
  at: number;
  readonly fn: () => void;
}

/** Time stands still until it is advanced; events happen when they are fired. */
export class FakeEnvironment implements Environment {
  serviceWorker: ServiceWorkerContainer | null = null;
  fetch: typeof fetch = () => Promise.reject(new Error('no network'));
  visible = true;
  installed = false;
  persist: Environment['persist'] = null;
  reloads = 0;
  #now = 1_700_000_000_000;
  #random = 0;
  readonly #timers = new Set<Timer>();
  readonly #listeners = new Map<PageEvent, Set<(event: Event) => void>>();

  now(): number {
    return this.#now;
  }

  /** Different each time, and the same in each run. */
  randomBytes(count: number): Uint8Array {
    this.#random += 1;
    return new Uint8Array(count).fill(this.#random);
  }

  after(ms: number, fn: () => void) {
    const timer = { at: this.#now + ms, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Runs what is due in its order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    await settled();
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until);
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.fn();
      await settled();
    }
    this.#now = until;
    await settled();
  }

  /** Somebody sets the clock: what is due in a second still is. */
  turnClock(ms: number): void {
    this.#now += ms;
    for (const timer of this.#timers) timer.at += ms;
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Those of one test share their channels. */
  static readonly #channels = new Map<string, Set<(message: unknown) => void>>();
  readonly reported: unknown[] = [];

  channel(name: string, hear: (message: unknown) => void): Channel {
    const ears = FakeEnvironment.#channels.get(name) ?? new Set();
    FakeEnvironment.#channels.set(name, ears.add(hear));
    return {
      post(message) {
        for (const ear of ears) if (ear !== hear) ear(structuredClone(message));
      },
      close: () => void ears.delete(hear),
    };
  }

  report = (error: unknown): void => void this.reported.push(error);

  isVisible(): boolean {
    return this.visible;
  }

  isInstalled(): boolean {
    return this.installed;
  }

  listen(event: PageEvent, fn: (event: Event) => void) {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(fn));
    return () => void listeners.delete(fn);
  }

  fire(type: PageEvent, members: object = {}): void {
    for (const fn of this.#listeners.get(type) ?? []) fn(Object.assign(new Event(type), members));
  }

  reload(): void {
    this.reloads += 1;
  }
}

/** A row as the engine stores it: its fields, and as a state what it is folded from. */
export function storedRow(
  { id, space, ...fields }: { readonly id: string; readonly space: string } & JsonObject,
  lists: Pick<RecordState, 'sets' | 'counters' | 'journals'> = {},
): StoredRow {
  const registers = Object.entries(fields).map(
    ([name, value]) => [name, { ...STAMP, value }] as const,
  );
  const confirmed = {
    collection: 'items',
    id,
    born: [STAMP],
    fields: new Map(registers),
    ...lists,
  };
  const known = { key: recordKeyOf(confirmed), collection: 'items', id, pending: [], confirmed };
  return Object.assign({
    ...fields,
    id,
    space,
    $: keptOf(known, new Map(Object.entries(fields))),
  });
}

export const STAMP: Stamp = {
  seq: asSeq(1),
  at: 1,
  actor: HOME as string as ActorId,
  clock: asClock(1),
};

/** Lets all promises settle that need nothing but a turn of the event loop. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
