/**
 * A device of a run: its disk, what its session remembers, and the contexts that run the real engine
 * on them. A context can be killed at any moment: what it had begun then reaches nothing any more.
 */
import { createHash } from 'node:crypto';
import { IDBKeyRange } from 'fake-indexeddb';
import {
  uuidV7,
  type AppConfig,
  type DeviceId,
  type HostReply,
  type Notice,
  type PageRequest,
} from '../../core/index.ts';
import { createDexieStore } from '../../sw/adapters/dexie-store.ts';
import { createHttpTransport, type Fetch } from '../../sw/adapters/http-transport.ts';
import { answer } from '../../sw/engine/answer.ts';
import { createEngine, type Engine } from '../../sw/engine/create-engine.ts';
import { StorageError, type Listening, type Ports, type Session } from '../../sw/engine/ports.ts';
import type { Random } from '../support/random.ts';
import { DeviceLocks, type Life } from './device-locks.ts';
import { Disk, type Access, type DiskCopy } from './disk.ts';
import type { AccountName } from './grants.ts';
import type { Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { SessionBox } from './session-box.ts';
import type { FaultPoint } from './faults.ts';

export interface SimDeviceOptions {
  readonly index: number;
  readonly name: string;
  readonly account: AccountName;
  readonly config: AppConfig;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  /** Called when its disk refused a transaction. */
  readonly diskFailed: () => void;
  readonly happened: (point: FaultPoint) => void;
  /** Whether it hears the server's pokes. */
  readonly listens: boolean;
}

interface Context {
  readonly engine: Engine;
  readonly life: Life;
  readonly access: Access;
  /** Another context of the device has told its pages something. */
  onOthers: () => void;
}

/** All that a device keeps, as of one moment. */
export interface Profile {
  readonly disk: DiskCopy;
  readonly session: Session;
  readonly rings: number;
}

/** What a page asked, and what it heard. */
export interface Asked {
  reply: HostReply | undefined;
  /** The context it was asked of is gone: no answer comes any more. */
  readonly life: Life;
}

/** Of logs as short as those of a run: some are replayed, and most snapshots have more than one part. */
const FILL_SIZES = { replayed: 15, fewest: 2, most: 8, piece: 1000 };
/** Bulks are of a few ops here. */
const AHEAD_SIZES = { fewest: 3, atOnce: 2, waiting: 2 };

const never = <T>(): Promise<T> => new Promise(() => {});

export class SimDevice {
  readonly index: number;
  readonly name: string;
  readonly account: AccountName;
  readonly config: AppConfig;
  readonly disk: Disk;
  readonly box: SessionBox;
  readonly notices: Notice[] = [];
  readonly #options: SimDeviceOptions;
  /** The newest grammar that its app knows; absent: all. */
  grammar: number | undefined;
  /** How far its clock is from the true time, in ms. */
  skew = 0;
  rings = 0;
  /** Faults of the software that nobody was told of. */
  readonly unheard: unknown[] = [];
  /** Of its disk, when it last said that something was wrong. */
  #failuresHeard = 0;
  #refusedToken: string | undefined;
  /** A worker, or pages that are hosts: each runs the engine on the one database. */
  #contexts: Context[] = [];
  readonly #locks = new DeviceLocks();

  constructor(options: SimDeviceOptions) {
    this.#options = options;
    this.index = options.index;
    this.name = options.name;
    this.account = options.account;
    this.config = options.config;
    this.disk = new Disk(`offing-${options.config.name}`, options.diskFailed);
    const { scheduler, index } = options;
    this.box = new SessionBox(
      { device: this.newId() as DeviceId, config: options.config },
      {
        post: (task) => scheduler.post(index, task),
        wait: (ms) => scheduler.wait(ms),
        happened: (point) => {
          // What it was refused is perhaps not taken down.
          this.#refusedToken = undefined;
          options.happened(point);
        },
      },
    );
  }

  get session(): Session {
    return this.box.session;
  }

  get now(): number {
    return this.#options.scheduler.now + this.skew;
  }

  newId(): string {
    return uuidV7(Math.max(0, this.now), this.#bytes(10));
  }

  get isRunning(): boolean {
    return this.#contexts.length > 0;
  }

  /** Asks the engine as a page does, starting a context if there is none. Only within its turn. */
  ask(request: PageRequest, place = 0): Asked {
    const { engine, life } = this.#running(place);
    const asked: Asked = { reply: undefined, life };
    const keepAlive = (work: Promise<unknown>) =>
      void work.catch((error: unknown) => this.#unheard(life, error));
    void answer(engine, request, keepAlive).then((reply) => {
      if (!life.isOver) asked.reply = reply;
    });
    return asked;
  }

  /** What Background Sync does. */
  wake(): void {
    const { engine, life } = this.#running(0);
    engine.drain({ force: false }).catch((error: unknown) => this.#unheard(life, error));
  }

  /** The newest context is gone in this instant, or all are; the databases stay, and the locks are free. */
  kill(which: 'newest' | 'all' = 'all'): void {
    const gone = this.#contexts.splice(which === 'all' ? 0 : -1);
    for (const { life, access } of gone) {
      life.isOver = true;
      access.cut();
    }
    this.#refusedToken = undefined;
    this.#locks.free();
  }

  /** Of two contexts the one that waits takes the drain's lock over; returns how the other learns of it. */
  takeOver(): (() => void) | undefined {
    return this.#locks.takeOver();
  }

  /** How many contexts run at the moment. */
  get contexts(): number {
    return this.#contexts.length;
  }

  profile(): Profile {
    return { disk: this.disk.copy(), session: this.session, rings: this.rings };
  }

  /** Becomes what the profile was taken of. Nothing may run. */
  become({ disk, session, rings }: Profile): void {
    this.disk.install(disk);
    this.box.session = session;
    this.rings = rings;
  }

  /** Whether the server would not have the token that it has, the last time that it was used. */
  get isTokenRefused(): boolean {
    return this.#refusedToken !== undefined && this.#refusedToken === bearerOf(this.session);
  }

  /** Notes what becomes of the token: a context that is killed has perhaps not taken it in. */
  #watched(life: Life, fetch: Fetch): Fetch {
    return async (url, init) => {
      const response = await fetch(url, init);
      const used = (init.headers as Record<string, string>)['Authorization'];
      // Who listens asks for nothing, and says nothing of what it was refused.
      if (life.isOver || url.pathname === '/sync/events') return response;
      const isRefusal = response.status === 401 && isJson(await response.clone().text());
      const isOfDrain = url.pathname !== '/sync/account';
      if (isOfDrain && this.#locks.hasLost(life)) return response;
      if (isOfDrain) this.#refusedToken = isRefusal ? used : undefined;
      // Who connects is told itself, and what it had before stays as it was, unless it is the same one.
      else if (response.ok && used === this.#refusedToken) this.#refusedToken = undefined;
      return response;
    };
  }

  #unheard(life: Life, error: unknown): void {
    // A drain that its disk failed begins again with the next ring.
    const { disk, box } = this;
    const isGood = disk.state === 'good' && !disk.isShut && box.state === 'good';
    // It may have waited for an answer before it said so, and the disk be good again by then.
    const isLate = disk.failures > this.#failuresHeard;
    this.#failuresHeard = disk.failures;
    const isOfDisk = error instanceof StorageError && (!isGood || isLate);
    if (!life.isOver && !isOfDisk) this.unheard.push(error);
  }

  #running(place: number): Context {
    const known = this.#contexts[place] ?? this.#contexts[0];
    if (known && place < 2 && this.#contexts.length > place) return known;
    const context = this.#start();
    this.#contexts.push(context);
    return context;
  }

  #start(): Context {
    const { scheduler, network, index } = this.#options;
    const life: Life = { isOver: false };
    const access = this.disk.access();
    const inLife = <T>(begin: () => PromiseLike<T>): Promise<T> =>
      life.isOver
        ? never()
        : new Promise((resolve, reject) => {
            begin().then(
              (value) => void (life.isOver || resolve(value)),
              (error: unknown) => void (life.isOver || reject(error as Error)),
            );
          });
    const session = this.box.of(life);
    const store = createDexieStore({ session, indexedDB: access.indexedDB, IDBKeyRange });
    const transport = createHttpTransport({
      fetch: this.#watched(life, network.fetchOf(index, life)),
    });
    const locks = this.#locks.of(life);
    const others = (): Context[] => this.#contexts.filter((one) => one.life !== life);
    let onOthers = (): void => {};
    const ports: Ports = {
      clock: { now: () => this.now, wait: (ms) => inLife(() => scheduler.wait(ms)) },
      random: { bytes: (count) => this.#bytes(count), fraction: () => this.#fraction() },
      sha256: (bytes) => createHash('sha256').update(bytes).digest(),
      session: {
        load: () => inLife(() => session.load()),
        save: (change) => inLife(() => session.save(change)),
      },
      store: {
        write: (work) => inLife(() => store.write(work)),
        read: (work) => inLife(() => store.read(work)),
        remove: () => inLife(() => store.remove()),
      },
      transport: {
        push: (...args) => inLife(() => transport.push(...args)),
        pull: (...args) => inLife(() => transport.pull(...args)),
        account: (...args) => inLife(() => transport.account(...args)),
        bootstrap: (...args) => inLife(() => transport.bootstrap(...args)),
        listen: (connection, hear) => {
          if (!this.#options.listens) return DEAF;
          return transport.listen(connection, {
            onOpen: () => life.isOver || hear.onOpen(),
            onPoke: (poke) => life.isOver || hear.onPoke(poke),
            onSign: () => life.isOver || hear.onSign(),
          });
        },
      },
      broadcast: {
        tell: async (notice) => {
          if (life.isOver) return;
          this.notices.push(notice);
          for (const one of others()) one.onOthers();
        },
        onOthers: (fn) => void (onOthers = fn),
      },
      locks: { exclusive: (name, work) => inLife(() => locks.exclusive(name, work)) },
      bell: { worksWhenClosed: true, ring: async () => void this.rings++ },
      fillSizes: FILL_SIZES,
      aheadSizes: AHEAD_SIZES,
    };
    return { engine: createEngine(ports), life, access, onOthers: () => onOthers() };
  }

  #bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#options.random.below(256));
  }

  #fraction(): number {
    return this.#options.random.below(1000) / 1000;
  }
}

/** A refusal that was cut on its way says nothing. */
function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

const bearerOf = ({ connection }: Session): string | undefined =>
  connection && `Bearer ${connection.token}`;

const DEAF: Listening = { ended: Promise.resolve(), stop() {} };
