/** The shape of a connected database: what an app sees of this library. */
import type { Collection, PromiseExtended, Table, WhereClause } from 'dexie';
import type { Notice, Receipt, Seq, SpaceId, Status } from '../../core/index.ts';
import type { Conflicts } from './conflicts.ts';
import type { OffingError } from './errors.ts';
import type { FormerRecords } from './former.ts';
import type { ShapeOf } from './row-of.ts';
import type { SetAsideOps } from './set-aside.ts';
import type { Changes, CollectionDef, Collections, NewRow, Row, Schema } from './schema.ts';

export interface Options<C extends Collections> {
  /** Names the database on this device: letters, digits, `_` and `-`. */
  readonly name: string;
  /** The service worker's script. */
  readonly worker: string | { readonly url: string; readonly scope?: string };
  readonly schema: Schema<C>;
  /** How requests reach the worker. `auto` is the faster one that works everywhere: `port`. */
  readonly door?: 'auto' | 'port' | 'fetch';
  /**
   * Who asks the browser to keep what is here, once: `auto` (after a write, of an app that is installed
   * or has joined an account), or the app, by `persist()` at a moment that it chooses.
   */
  readonly persist?: 'auto' | 'app';
}

export type Unsubscribe = () => void;

/** A value that changes: `subscribe` calls at once with the current one. */
export interface Observed<T> {
  readonly current: T;
  subscribe(fn: (value: T) => void): Unsubscribe;
}

export interface Observer<T> {
  next?(value: T): void;
  error?(reason: unknown): void;
}

/**
 * Where the engine runs: in the service worker, or in this page where there is none, with the reason
 * (its `cause` is the browser's). Null until that is decided.
 */
export type HostPlace =
  | { readonly in: null }
  | { readonly in: 'worker' }
  | { readonly in: 'page'; readonly why: OffingError };

/** Compatible with Dexie's live queries and with what expects an Observable. */
export interface Live<T> {
  subscribe(observer: ((value: T) => void) | Observer<T>): { unsubscribe(): void };
}

/** A record: a row as it was read, its id and space, or its id alone; then the host finds its space. */
export type Ref = string | { readonly id: string; readonly space: string };

/** A write under way. Awaiting it means: durable on this device, and in its tables. */
export interface WriteHandle<R = Receipt> extends PromiseLike<R> {
  /** The same as awaiting the handle. Rejects with an OffingError, and then nothing was written. */
  readonly accepted: Promise<R>;
  /**
   * Resolves when the write is on the disk: from then on it cannot be lost, and will be sent. Of
   * hundreds of new records at once that is long before they are all in the tables; of any other write it
   * is the same moment. Rejects as `accepted` does.
   */
  readonly durable: Promise<R>;
  /**
   * Resolves when the write came back from the server's log, with a seq by which all of it is there; rejects
   * with an OffingError if it was not accepted, or was refused by the server. May take days.
   */
  readonly synced: Promise<Seq>;
}

export interface AddHandle extends WriteHandle {
  /** The new record's id, known at once. */
  readonly id: string;
}

/** Dexie's reading vocabulary. Reads see what the engine wrote; only the engine writes. */
export interface Reads<R> {
  get(ref: Ref): PromiseExtended<R | undefined>;
  where(index: string | string[]): WhereClause<R, RowKey>;
  where(criteria: Criteria<R>): Collection<R, RowKey>;
  orderBy(index: string | string[]): Collection<R, RowKey>;
  filter(fn: (row: R) => boolean): Collection<R, RowKey>;
  toArray(): PromiseExtended<R[]>;
  count(): PromiseExtended<number>;
  /**
   * The rows of a space in no order, now and again with each change. Unlike a live query it reads only
   * what has changed, however many rows there are.
   */
  live(space: string): Live<readonly R[]>;
  /** Dexie's own table, for all else that reads. */
  readonly table: Table<R, RowKey>;
}

/** Fields and their values; a space may be given by its id as any text, such as a list's. */
export type Criteria<R> = { readonly [K in keyof R]?: K extends 'space' ? string : R[K] };

export type RowKey = [space: SpaceId, id: string];

export interface UpdateOptions {
  /**
   * The fields are being typed into: what follows on them within half a second is one op with this.
   * It is durable at once all the same, and leaves the device after that pause.
   */
  readonly typing?: boolean;
}

export interface CollectionHandle<D extends CollectionDef> extends Reads<Row<ShapeOf<D>>> {
  add(row: NewRow<ShapeOf<D>>): AddHandle;
  update(ref: Ref, changes: Changes<ShapeOf<D>>, options?: UpdateOptions): WriteHandle;
  delete(ref: Ref): WriteHandle;
  /** Brings a deleted record back, edits included. */
  restore(ref: Ref): WriteHandle;
  /** The record goes to another space with its id and all its fields, those of `changes` replaced. */
  move(ref: Ref, toSpace: string, changes?: Changes<ShapeOf<D>>): WriteHandle<readonly Receipt[]>;
}

/** What a batch may hold. The writes are collected and sent together. */
export interface BatchCollection<D extends CollectionDef> {
  /** Returns the new record's id. */
  add(row: NewRow<ShapeOf<D>>): string;
  update(ref: Ref, changes: Changes<ShapeOf<D>>): void;
  delete(ref: Ref): void;
  restore(ref: Ref): void;
}

export interface BulkCollection<D extends CollectionDef> extends BatchCollection<D> {
  /** What the bulk does to the record beside, before or after, is done where it ends up. */
  move(ref: Ref, toSpace: string, changes?: Changes<ShapeOf<D>>): void;
}

export type BatchTx<C extends Collections> = { readonly [K in keyof C]: BatchCollection<C[K]> };
export type BulkTx<C extends Collections> = { readonly [K in keyof C]: BulkCollection<C[K]> };
export type CollectionHandles<C extends Collections> = {
  readonly [K in keyof C]: CollectionHandle<C[K]>;
};

/** The ops as they were folded, remote and own ones. */
export type Applied = Extract<Notice, { type: 'applied' }>;

export interface AppUpdate extends Observed<boolean> {
  /** Whether a new version of the app is installed and waits. The same as `current`. */
  readonly ready: boolean;
  /** Lets the new version take over and reloads the page, once. */
  apply(): void;
}

export interface DbBase<C extends Collections> {
  readonly collections: CollectionHandles<C>;
  /** Resolves when the host knows this app; rejects with `unreachable` where there can be no host. */
  readonly ready: Promise<void>;
  /** All of it or nothing, here and on every device: one op, in one space. */
  batch(write: (tx: BatchTx<C>) => void): WriteHandle;
  /** Many ops, accepted in one transaction. */
  bulk(write: (tx: BulkTx<C>) => void): WriteHandle<readonly Receipt[]>;
  /** Runs the query now, and again whenever what it read has changed. */
  live<T>(query: () => T | PromiseLike<T>): Live<T>;
  readonly status: Observed<Status>;
  /** Where the engine runs. In a page nothing leaves once it is closed, and the app does not open offline. */
  readonly host: Observed<HostPlace>;
  readonly applied: { subscribe(fn: (notice: Applied) => void): Unsubscribe };
  readonly update: AppUpdate;
  /** What the server refused, to mend and send again, or to discard. */
  readonly setAside: SetAsideOps;
  /** What two people wrote without having seen each other: both sides, to take either. */
  readonly conflicts: Conflicts;
  /** What deleted records held, as a restore would bring them back; all of them, or those with these ids. */
  deleted<K extends keyof C & string>(
    collection: K,
    ids?: readonly string[],
  ): Promise<readonly Row<ShapeOf<C[K]>>[]>;
  /** What was confirmed here and is not on the server since it was restored, to bring back or let go. */
  readonly former: FormerRecords;
  pause(): Promise<Status>;
  resume(): Promise<Status>;
  syncNow(): Promise<Status>;
  /** Joins this device to the token's account and claims what was written before. */
  connectAccount(account: { readonly url: string; readonly token: string }): Promise<Status>;
  /**
   * Asks the browser to keep what is here, where it has not been asked or has refused before. Resolves
   * with whether it does; what it said is in `status.storage` too.
   */
  persist(): Promise<boolean>;
  /** The person has seen what `status.lost` says: it is not said any more. */
  lossSeen(): Promise<Status>;
  /** The person has seen what `status.away` says: it is not said any more. */
  awaySeen(): Promise<Status>;
  /**
   * Begins with an empty database, where the one on this device fails for good (`storageFault`). What
   * was not sent is set aside in it as `started_anew`, and what the server has is fetched anew. Rejects
   * with `storage_failed` where nothing can be read, and then nothing was deleted; `evenUnread` deletes
   * it all the same.
   */
  startAnew(options?: { readonly evenUnread?: boolean }): Promise<Status>;
  close(): void;
}

export type Db<C extends Collections> = DbBase<C> & CollectionHandles<C>;
