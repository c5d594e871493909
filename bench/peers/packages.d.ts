/**
 * What the peers' files use of packages that lie in bench/node_modules, and so may not be there when
 * types are checked. An ambient module comes first, installed or not: both see the same types.
 */
declare module 'rxdb' {
  import type { Observable } from 'rxjs';
  interface RxDocument<T> {
    toMutableJSON(): T;
    incrementalPatch(changes: Partial<T>): Promise<unknown>;
  }
  interface RxQuery<R> {
    exec(): Promise<R>;
  }
  export interface RxCollection<T> {
    readonly $: Observable<{ readonly documentData: T }>;
    insert(doc: T): Promise<unknown>;
    bulkInsert(docs: T[]): Promise<{ error: unknown[] }>;
    count(): RxQuery<number>;
    find(): RxQuery<RxDocument<T>[]>;
    findOne(id: string): RxQuery<RxDocument<T> | null>;
  }
  export function createRxDatabase(options: object): Promise<{
    addCollections(collections: object): Promise<Record<string, unknown>>;
  }>;
}
declare module 'rxdb/plugins/replication' {
  import type { RxCollection } from 'rxdb';
  import type { Observable } from 'rxjs';
  export function replicateRxCollection<T>(options: {
    readonly collection: RxCollection<T>;
    readonly replicationIdentifier: string;
    readonly live: boolean;
    readonly push: { handler(rows: unknown[]): Promise<never> };
    readonly pull: {
      handler(checkpoint: { readonly seq: number } | undefined, size: number): Promise<never>;
      readonly stream$: never;
    };
  }): { readonly error$: Observable<unknown> };
}
declare module 'rxdb/plugins/storage-dexie' {
  export function getRxStorageDexie(): unknown;
}
declare module 'rxjs' {
  export interface Observable<T> {
    subscribe(fn: (value: T) => void): unknown;
  }
  export class Subject<T> {
    next(value: T): void;
    asObservable(): Observable<T>;
  }
}
declare module 'pouchdb-browser' {
  class PouchDB<D> {
    constructor(name: string);
    info(): Promise<{ doc_count: number }>;
    put(doc: object): Promise<unknown>;
    get(id: string): Promise<D & object>;
    bulkDocs(docs: object[]): Promise<object[]>;
    allDocs(options: object): Promise<{ rows: { id: string; doc?: D }[] }>;
    sync(url: string, options: object): { on(event: 'error', fn: (error: unknown) => void): void };
    changes(options: object): { on(event: 'change', fn: (change: { doc?: D }) => void): void };
  }
  export default PouchDB;
}
declare module 'pouchdb' {
  interface Stored {
    new (name: string): { info(): Promise<{ doc_count: number }> };
  }
  const PouchDB: { defaults(options: object): Stored };
  export default PouchDB;
}
declare module 'express' {
  import type { RequestListener } from 'node:http';
  export default function express(): RequestListener & { use(path: string, app: unknown): void };
}
declare module 'express-pouchdb' {
  export default function expressPouch(stored: unknown, options: object): unknown;
}
declare module 'replicache/impl' {
  export interface WriteTransaction {
    set(key: string, value: object): Promise<void>;
    get(key: string): Promise<unknown>;
  }
  interface ReadTransaction {
    scan(): { values(): { toArray(): Promise<unknown[]> } };
  }
  type Mutators = Record<string, (tx: WriteTransaction, args: never) => Promise<void>>;
  export class ReplicacheImpl<M extends Mutators> {
    constructor(options: object);
    pushURL: string;
    pullURL: string;
    readonly mutate: { [K in keyof M]: (args: Parameters<M[K]>[1]) => Promise<void> };
    query<R>(read: (tx: ReadTransaction) => Promise<R>): Promise<R>;
    persist(): Promise<void>;
    pull(): Promise<void>;
    push(): Promise<void>;
    experimentalWatch(fn: (diffs: readonly object[]) => void): void;
  }
}
declare module 'tinybase' {
  export interface MergeableStore {
    setRow(table: string, id: string, row: object): void;
    setCell(table: string, id: string, cell: string, value: string): void;
    transaction(work: () => void): void;
    getRowCount(table: string): number;
    getTable(table: string): Record<string, object>;
    addCellListener(
      table: string,
      row: null,
      cell: string,
      fn: (store: unknown, table: string, row: string, cell: string, value: unknown) => void,
    ): void;
  }
  export function createMergeableStore(): MergeableStore;
}
declare module 'tinybase/persisters/persister-indexed-db' {
  export function createIndexedDbPersister(
    store: unknown,
    name: string,
  ): { load(): Promise<unknown>; save(): Promise<unknown> };
}
declare module 'tinybase/persisters/persister-file' {
  export function createFilePersister(store: unknown, file: string): unknown;
}
declare module 'tinybase/synchronizers/synchronizer-ws-client' {
  export function createWsSynchronizer(
    store: unknown,
    socket: WebSocket,
  ): Promise<{ startSync(): Promise<unknown> }>;
}
declare module 'tinybase/synchronizers/synchronizer-ws-server' {
  export function createWsServer(sockets: unknown, persisterOf: (path: string) => unknown): unknown;
}
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  export interface WebSocket extends EventEmitter {
    send(text: string): void;
  }
  export class WebSocketServer {
    constructor(options: object);
    on(event: 'connection', fn: (socket: WebSocket) => void): void;
  }
}
declare module 'yjs' {
  interface YMap<T> {
    readonly size: number;
    get(key: string): T | undefined;
    set(key: string, value: T): void;
    values(): Iterable<T>;
    observe(fn: (event: { keysChanged: Iterable<string> }) => void): void;
  }
  export class Doc {
    getMap<T>(name: string): YMap<T>;
    transact(work: () => void): void;
  }
  export function applyUpdate(doc: Doc, update: Uint8Array): void;
  export function encodeStateAsUpdate(doc: Doc): Uint8Array;
}
declare module 'y-indexeddb' {
  export class IndexeddbPersistence {
    constructor(name: string, doc: unknown);
    readonly whenSynced: Promise<unknown>;
  }
}
declare module '@hocuspocus/provider' {
  export class HocuspocusProvider {
    constructor(options: object);
    readonly isSynced: boolean;
    on(event: 'synced', fn: () => void): void;
  }
}
declare module '@hocuspocus/server' {
  import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
  import type { Doc } from 'yjs';
  export class Server {
    constructor(options: {
      port: number;
      address: string;
      quiet: boolean;
      stopOnSignals: boolean;
      onRequest(asked: { request: IncomingMessage; response: ServerResponse }): Promise<void>;
      onLoadDocument(asked: { documentName: string; document: Doc }): Promise<void>;
      onStoreDocument(asked: { documentName: string; document: Doc }): Promise<void>;
    });
    readonly httpServer: HttpServer;
    readonly hocuspocus: { readonly documents: ReadonlyMap<string, Doc> };
    listen(): Promise<unknown>;
  }
}
declare module 'cojson' {
  interface CoValue {
    readonly verified?: {
      readonly header: { readonly ruleset: { type: string }; type: string; meta: unknown };
    };
  }
  export class LocalNode {
    constructor(secret: unknown, session: unknown, crypto: unknown);
    readonly coValues: ReadonlyMap<string, CoValue>;
    readonly syncManager: {
      addPeer(peer: unknown): void;
      waitForStorageSync(id: string): Promise<unknown>;
    };
  }
}
declare module 'cojson/crypto/WasmCrypto' {
  export const WasmCrypto: {
    create(): Promise<{
      newRandomAgentSecret(): unknown;
      getAgentID(secret: unknown): unknown;
      newRandomSessionID(agent: unknown): unknown;
    }>;
  };
}
declare module 'cojson-transport-ws' {
  export function createWebSocketPeer(options: object): unknown;
  export class WebSocketPeerWithReconnection {
    constructor(options: {
      peer: string;
      reconnectionTimeout: number;
      addPeer(peer: unknown): void;
      removePeer(): void;
    });
    enable(): void;
  }
}
declare module 'jazz-tools' {
  export interface Account {
    readonly name?: string;
  }
  export const Group: {
    create(options: object): { addMember(who: string, role: string): void };
  };
  interface Row {
    readonly id: string;
    readonly title: string;
    readonly $jazz: {
      readonly id: string;
      readonly raw: { toJSON(): object };
      set(key: 'title', value: string): void;
    };
  }
  interface RowsHandle {
    readonly $jazz: {
      readonly id: string;
      readonly owner: unknown;
      set(id: string, row: Row): void;
    };
  }
  type Loaded = Record<string, Row> & RowsHandle;
  export const co: {
    map(shape: object): { create(fields: object, options: object): Row };
    record(
      key: unknown,
      value: unknown,
    ): {
      create(rows: object, options: object): Loaded;
      subscribe(id: string, options: object, fn: (rows: Loaded) => void): void;
    };
  };
  export const z: { string(): unknown; boolean(): unknown };
  export const AuthSecretStorage: new () => object;
  export const KvStoreContext: { getInstance(): { initialize(store: unknown): void } };
}
declare module 'jazz-tools/browser' {
  import type { LocalNode } from 'cojson';
  import type { Account } from 'jazz-tools';
  export const LocalStorageKVStore: new () => object;
  export function createJazzBrowserContext(
    options: object,
  ): Promise<{ readonly node: LocalNode; readonly me: Account }>;
}
