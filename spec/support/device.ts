/** A device in Node: the real engine and its real Dexie adapter, each over an IndexedDB of its own. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import Dexie, { type Table } from 'dexie';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import {
  databaseNameOf,
  databaseVersionOf,
  storesOf,
  uuidV7,
  type AppConfig,
  type DeviceId,
  type Json,
  type MutationJson,
  type Notice,
  type OpRequest,
  type PageRequest,
  type ParsedPageRequest,
  type Receipt,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import { createDexieStore } from '../../sw/adapters/dexie-store.ts';
import { createHttpTransport, type Fetch } from '../../sw/adapters/http-transport.ts';
import type { OwnRow } from '../../sw/adapters/own-row.ts';
import type { StoredSpace } from '../../sw/adapters/space-rows.ts';
import { createEngine, type Engine } from '../../sw/engine/create-engine.ts';
import type {
  Listening,
  Locks,
  Ports,
  ReplicaStore,
  Session,
  SessionStore,
  SpaceRow,
} from '../../sw/engine/ports.ts';
import { cloneQuickly } from './quick-clone.ts';
import { spaceRowsOf } from './space-rows.ts';

export interface DeviceOptions {
  readonly config: AppConfig;
  readonly name?: string;
  /** What carries the requests: a real `fetch`, or a server app's own. */
  readonly fetch?: Fetch;
  readonly now?: () => number;
  /** Whether it hears the server's pokes while its pages ring; otherwise it only polls. */
  readonly listens?: boolean;
  /** What jitter is made of, in [0, 1). */
  readonly fraction?: () => number;
  /** What stands between the engine and its ports. */
  readonly around?: (ports: Ports) => Ports;
  /** Where its databases lie; otherwise in one of its own. */
  readonly indexedDB?: IDBFactory;
  /** What it knows beside its replica; otherwise a new one, in memory. */
  readonly session?: SessionStore;
}

export interface Device {
  readonly engine: Engine;
  readonly store: ReplicaStore & { close(): void };
  readonly session: SessionStore;
  readonly notices: Notice[];
  /** Hears each notice as it is told; returns the way out. */
  onNotice(fn: (notice: Notice) => void): () => void;
  /** How often the bell was rung. */
  readonly rings: () => number;
  /** While true, no request reaches the server. */
  offline: boolean;
  ask(request: PageRequest): Promise<Awaited<ReturnType<Engine['handle']>>['reply']>;
  connect(url: string, token: string): Promise<void>;
  /** A page's write; unless it is said, the page had on screen all that is here. */
  write(ops: readonly OpRequest[], seen?: Record<SpaceId, Seq>): Promise<readonly Receipt[]>;
  /** How far each space is folded here. */
  cursors(): Promise<Record<SpaceId, Seq>>;
  put(space: SpaceId | undefined, mutations: readonly MutationJson[]): Promise<Receipt>;
  /** The rows of a collection as an app reads them, by id. */
  rows(collection: string, space?: SpaceId): Promise<Map<string, Record<string, Json>>>;
  /** What is known of a space. */
  space(space: SpaceId): Promise<SpaceRow | undefined>;
  /** A table as a page reads it, the layer's own included. */
  table(name: string): Table;
  close(): void;
  /** A second engine over the same databases: what a restarted worker is. */
  restart(): void;
}

export const uuid = (now = Date.now()): string => uuidV7(now, randomBytes(10));

export function memorySession(config: AppConfig): SessionStore {
  let session: Session = { device: uuid() as DeviceId, config };
  return {
    load: async () => session,
    save: async (change) => {
      const entries = Object.entries({ ...session, ...change });
      session = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as never;
      return session;
    },
  };
}

/** Web Locks within one process. */
export function memoryLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    exclusive(name, work) {
      const begin = () => work({ isLost: false });
      const run = (tails.get(name) ?? Promise.resolve()).then(begin, begin);
      tails.set(name, run);
      return run;
    },
  };
}

/** For so long pages may be told later. Here nobody looks, and a test that writes would wait for it. */
const MOMENT_MS = 50;

export function createDevice(options: DeviceOptions): Device {
  cloneQuickly();
  const { indexedDB = new IDBFactory(), session = memorySession(options.config) } = options;
  const store = createDexieStore({ session, indexedDB, IDBKeyRange });
  const page = new Dexie(databaseNameOf(options.config), { indexedDB, IDBKeyRange });
  page.version(databaseVersionOf(options.config)).stores(storesOf(options.config));
  const notices: Notice[] = [];
  const ears = new Set<(notice: Notice) => void>();
  let rings = 0;
  const transport = createHttpTransport({
    fetch: (...args) => {
      if (device.offline) return Promise.reject(new TypeError('offline'));
      return (options.fetch ?? fetch)(...args);
    },
  });
  const { around = (each) => each } = options;
  const ports = around({
    clock: {
      now: options.now ?? (() => Date.now()),
      wait: (ms) => setTimeout(ms > MOMENT_MS ? ms : 0),
    },
    random: {
      bytes: (count) => randomBytes(count),
      fraction: options.fraction ?? (() => Math.random()),
    },
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    session,
    store,
    transport: { ...transport, ...(options.listens === false && { listen: () => DEAF }) },
    broadcast: {
      async tell(notice) {
        notices.push(structuredClone(notice));
        for (const hear of ears) hear(structuredClone(notice));
      },
    },
    locks: memoryLocks(),
    bell: { worksWhenClosed: true, ring: async () => void rings++ },
  });

  async function cursors(): Promise<Record<SpaceId, Seq>> {
    const rows = await store.read((tx) => tx.spaces());
    return Object.fromEntries(rows.map(({ space, cursor }) => [space, cursor]));
  }

  const device: Device = {
    engine: createEngine(ports),
    store,
    session,
    notices,
    onNotice(fn) {
      ears.add(fn);
      return () => void ears.delete(fn);
    },
    rings: () => rings,
    offline: false,
    async ask(request) {
      const { reply, afterwards } = await device.engine.handle(request as ParsedPageRequest);
      await afterwards;
      return reply;
    },
    async connect(url, token) {
      const reply = await device.ask({ v: 1, type: 'connect', url, token });
      if (reply.type === 'error') throw new Error(`${reply.code}: ${reply.detail}`);
    },
    async write(ops, seen) {
      seen ??= await cursors();
      const reply = await device.ask({ v: 1, type: 'write', ops: [...ops], seen });
      if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
      return reply.receipts;
    },
    cursors,
    async put(space, mutations) {
      const [receipt] = await device.write([{ ...(space && { space }), do: [...mutations] }]);
      return receipt as Receipt;
    },
    async rows(collection, space) {
      const all = await page.table<{ id: string; space: SpaceId }>(collection).toArray();
      const rows = all.filter((row) => space === undefined || row.space === space);
      return new Map(rows.map((row) => [row.id, withoutBookkeeping(row)]));
    },
    async space(space) {
      const [spaces, meta] = await page.transaction('r', ['_spaces', '_meta'], (trans) =>
        Promise.all([
          trans.table<StoredSpace>('_spaces').toArray(),
          trans.table<OwnRow>('_meta').toArray(),
        ]),
      );
      return spaceRowsOf(spaces, meta).find((row) => row.space === space);
    },
    table: (name) => page.table(name),
    close() {
      page.close();
      store.close();
    },
    restart() {
      // The browser frees the locks of a context that is gone.
      (device as { engine: Engine }).engine = createEngine({ ...ports, locks: memoryLocks() });
    },
  };
  return device;
}

const DEAF: Listening = { ended: Promise.resolve(), stop() {} };

function withoutBookkeeping(row: object): Record<string, Json> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== '$'));
}
