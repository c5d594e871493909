/**
 * The server of a run: the real one, over its real store on a directory of its own, that can be
 * killed between any two of its steps, restarted, copied and put back. Knows its database from
 * outside, as its operator does.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AccountId, Epoch, SequencedOp, SpaceId } from '../../core/index.ts';
import {
  composeServer,
  openSqliteStore,
  StorageBusyError,
  StorageFullError,
  type ServerParts,
  type Store,
} from '../../server/index.ts';
import { diskRoom } from './disk-room.ts';
import type { FaultPoint } from './faults.ts';

/** Where a server dies: before it commits what it was asked, or after that and before it answers. */
export type Deadly = 'server-killed-before-commit' | 'server-killed-before-answer';
/** What its disk has for it. */
export type ServerTrouble = 'server-busy' | 'server-full';

export interface SimServerOptions {
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Called when something that was armed has happened. */
  readonly happened: (point: FaultPoint) => void;
  /** Called when its process is gone and another begins. */
  readonly onRestart: () => void;
}

/** An op of the log, with the chain at it. */
export interface LoggedOp extends SequencedOp {
  readonly digest: string;
}

type OpRow = Omit<SequencedOp, 'key'> & { readonly key: string | null; readonly digest: Buffer };

/** What is looked up in its database from outside. */
type Eye = ReturnType<typeof eyeOn>;

function eyeOn(file: string) {
  const db = new Database(file, { readonly: true });
  return {
    db,
    spaces: db.prepare<[], SpaceId>('SELECT id FROM space ORDER BY n').pluck(),
    accountOf: db
      .prepare<[string, string], AccountId>(
        `SELECT account FROM actor JOIN space ON space.n = actor.space
         WHERE space.id = ? AND actor.id = ?`,
      )
      .pluck(),
    horizons: db.prepare<[], { space: SpaceId; horizon: number; digest: Buffer }>(
      'SELECT id AS space, horizon, horizon_digest AS digest FROM space ORDER BY n',
    ),
    logAfter: db.prepare<[string, number], OpRow>(
      `SELECT seq, actor.id AS actor, clock, base, at, v, key, payload, op.digest
       FROM op JOIN space ON space.n = op.space JOIN actor ON actor.n = op.actor
       WHERE space.id = ? AND seq > ? ORDER BY seq`,
    ),
  };
}

/** Of the small payloads and short logs of a run: some op is too large, and some answer is not all. */
const LIMITS = { payloadBytes: 1200, opsPerAnswer: 12 };

/** And few enough that whoever begins anew finds one, and a tail behind it. */
const SNAPSHOTS = { every: 8, atLeast: 4 };

const DAY_MS = 86_400_000;
/** As an operator has it, but for a log of hundreds of ops instead of hundreds of thousands. */
export const RETENTION = { keepMs: 90 * DAY_MS, leaseMs: 90 * DAY_MS, buffer: 2, most: 30 };

export class SimServer {
  readonly #options: SimServerOptions;
  readonly #root = mkdtempSync(join(diskRoom(), 'offing-sim-'));
  readonly #data = join(this.#root, 'data');
  #store: Store;
  #parts: ServerParts;
  #eye: Eye;
  #life = 0;
  #down = 0;
  #copies = 0;
  #armed:
    | { readonly point: Deadly | ServerTrouble; left: number; readonly down: number }
    | undefined;
  readonly reports: unknown[] = [];

  constructor(options: SimServerOptions) {
    this.#options = options;
    [this.#store, this.#parts, this.#eye] = this.#open();
  }

  get parts(): ServerParts {
    return this.#parts;
  }

  /** How often it was started: what an earlier life still does reaches nobody. */
  get life(): number {
    return this.#life;
  }

  /** Something goes wrong at one of its next exchanges with its store: the `after`th from now. */
  arm(point: Deadly | ServerTrouble, after: number, down = 0): void {
    this.#armed = { point, left: after, down };
  }

  disarm(): void {
    this.#armed = undefined;
    this.#down = 0;
  }

  /** Whether it is still on its way up: the next requests find nobody. */
  isDown(): boolean {
    return this.#down-- > 0;
  }

  /** The process is gone, and another begins on what is on the disk. */
  restart(change: (file: string) => void = () => {}): void {
    this.#close();
    this.#options.onRestart();
    change(join(this.#data, 'offing.db'));
    [this.#store, this.#parts, this.#eye] = this.#open();
  }

  /** A copy of everything it knows at this moment. */
  backup(): string {
    const to = join(this.#root, `backup-${this.#copies++}`);
    this.restart((file) => copyFileSync(file, to));
    return to;
  }

  /** Puts a copy back; with a new epoch, as the documentation says, or without. */
  async restore(backup: string, newEpoch: (() => Epoch) | undefined): Promise<void> {
    this.restart((file) => copyFileSync(backup, file));
    if (newEpoch) await this.#store.log.renew(null, newEpoch);
  }

  /** What the operator does to the rows of a running server; how many of them. */
  operate(sql: string, ...values: readonly (string | number)[]): number {
    const db = new Database(join(this.#data, 'offing.db'));
    const { changes } = db.prepare(sql).run(...values);
    db.close();
    return changes;
  }

  /** Where each log begins, and the chain there. */
  horizons(): { space: SpaceId; horizon: number; digest: string }[] {
    return this.#eye.horizons.all().map(({ digest, ...row }) => ({
      ...row,
      digest: digest.toString('hex'),
    }));
  }

  spaces(): SpaceId[] {
    return this.#eye.spaces.all();
  }

  accountOf(space: SpaceId, actor: string): AccountId | undefined {
    return this.#eye.accountOf.get(space, actor);
  }

  /** The ops of a space behind `seq`. */
  logAfter(space: SpaceId, seq: number): LoggedOp[] {
    return this.#eye.logAfter.all(space, seq).map(({ key, digest, ...op }) => ({
      ...op,
      ...(key !== null && { key }),
      digest: digest.toString('hex'),
    }));
  }

  stop(): void {
    this.#close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #close(): void {
    this.#eye.db.close();
    this.#store.close();
  }

  #open(): [Store, ServerParts, Eye] {
    const life = ++this.#life;
    const store = openSqliteStore(this.#data);
    const parts = composeServer(this.#mortal(store, life), {
      now: this.#options.now,
      random: this.#options.random,
      limits: LIMITS,
      snapshots: SNAPSHOTS,
      retention: RETENTION,
      report: (error) => this.reports.push(error),
    });
    return [store, parts, eyeOn(join(this.#data, 'offing.db'))];
  }

  /** The store, as long as this life of the server lasts and its disk allows. */
  #mortal(store: Store, life: number): Store {
    const { log, snapshots, retention } = store;
    const living =
      <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
      (...args: Args): Promise<T> =>
        life === this.#life ? work(...args) : this.#die(undefined);
    return {
      ...store,
      snapshots: {
        space: living(snapshots.space),
        page: living(snapshots.page),
        list: living(snapshots.list),
        part: living(snapshots.part),
        keep: living(snapshots.keep),
        discard: living(snapshots.discard),
        tailBytes: living(snapshots.tailBytes),
      },
      retention: {
        served: retention.served,
        tick: living(retention.tick),
        due: living(retention.due),
        living: living(retention.living),
        facts: living(retention.facts),
        // Its own bound generics are lost on a wrapper's.
        drop: (space, whole, decide) =>
          life === this.#life ? retention.drop(space, whole, decide) : this.#die(undefined),
        removeRows: living(retention.removeRows),
      },
      log: {
        ...log,
        exchange: async (ask, decide) => {
          const point = this.#isTime();
          if (life !== this.#life || point === 'server-killed-before-commit')
            return this.#die(point);
          if (point === 'server-busy') throw new StorageBusyError('busy');
          if (point === 'server-full') throw new StorageFullError('full');
          const done = await log.exchange(ask, decide);
          if (point === 'server-killed-before-answer') return this.#die(point);
          return done;
        },
      },
    };
  }

  #isTime(): Deadly | ServerTrouble | undefined {
    const armed = this.#armed;
    if (!armed || armed.left-- > 0) return undefined;
    this.#armed = undefined;
    this.#down = armed.down;
    this.#options.happened(armed.point);
    return armed.point;
  }

  /** Nothing more comes of what was asked of a process that is dead. */
  #die(point: Deadly | ServerTrouble | undefined): Promise<never> {
    if (point !== undefined) this.diedAt = this.#life;
    return new Promise(() => {});
  }

  /** The life in which it was killed, and after which it has to be started again. */
  diedAt: number | undefined;
}
