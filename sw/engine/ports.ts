/**
 * What the engine asks of the world. Everything that is not decided here (time, chance, disk,
 * network, other contexts) comes in through these, so that the same engine runs in a worker, in a
 * page and in a simulator.
 */
import type {
  AccountAnswer,
  ActorId,
  AppConfig,
  AwayNote,
  Clock,
  Conflict,
  ConflictKey,
  DeviceId,
  Epoch,
  FillSizes,
  Filling,
  FormerRef,
  FormerSelf,
  Known,
  LogPlace,
  Lost,
  Malformed,
  Missing,
  Notice,
  OpRef,
  Outcome,
  OutboxRow,
  Poke,
  Progress,
  PushAnswer,
  PushRequest,
  RecordKey,
  RecordState,
  ReplicaMark,
  Retry,
  RowId,
  Seq,
  Sha256,
  SequencedOp,
  SpaceId,
  StorageFault,
  StorageFigures,
  Trail,
  Turn,
} from '../../core/index.ts';
import type { DropTx } from './droppable.ts';
import type { AheadSizes } from './ahead-sizes.ts';
import type { FetchedReads, FetchedTx, SnapshotReading } from './fetch-snapshot.ts';
import type { Salvaged } from './start-anew.ts';
import type { Unfolding } from './unfold.ts';

export interface ClockPort {
  /** Wall time in ms since the epoch. It may jump; no order depends on it. */
  now(): number;
  /** Resolves about `ms` later, as long as this context lives. Nothing may depend on its coming. */
  wait(ms: number): Promise<void>;
}

export interface RandomPort {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1), for jitter. */
  fraction(): number;
}

// ── storage ──────────────────────────────────────────────────────────────────────────────────────

/** Whose database this is. */
export interface Meta {
  readonly home: SpaceId;
  /** The home this device had before it joined an account: pages may still name it. */
  readonly formerHome?: SpaceId;
  /** Which of the replicas that this device has had; absent: the first. */
  readonly generation?: number;
  /** It is being deleted: nothing is accepted any more. */
  readonly isClosed?: boolean;
  /** The replica that this one was begun in the place of, whose unsent ops are set aside here. */
  readonly salvagedFrom?: number;
  /** Under which ids those were written. */
  readonly salvagedActors?: readonly ActorId[];
  /** Accepted ahead of its records: until they follow, nothing else is done with the replica. */
  readonly unfolding?: Unfolding;
}

/** All that this device knows of one space, but its records. */
export interface SpaceRow {
  readonly space: SpaceId;
  readonly actor: ActorId;
  readonly progress: Progress;
  /** The serverSeq up to which this device has durably folded. */
  readonly cursor: Seq;
  /** Digest of the log at the cursor. */
  readonly digest: string;
  readonly epoch?: Epoch;
  /** The log's last seq, as far as known. */
  readonly head: Seq;
  /** The grammar of the op behind the cursor, where the fold stopped because it was too new for us. */
  readonly tooNew?: number;
  readonly access: 'read' | 'write';
  /** Made on this device, and no server has answered for it yet. */
  readonly create: boolean;
  /** The account made it, as the server said. */
  readonly own?: boolean;
  /** Named by the registry: pulled. A space with pending ops is sent all the same. */
  readonly followed: boolean;
  /** Ops accepted and not yet folded. */
  readonly pending: number;
  /** Why the server would not sync it, by its code. */
  readonly trouble?: string;
  /** Its ops are held back until then (wall time in ms): the server takes none, and is pulled alone. */
  readonly pullOnlyUntil?: number;
  /** Where it has stood before, with the digest of the log there. */
  readonly trail?: Trail;
  /** What our ops have to become, once those before are settled. */
  readonly turn?: Turn;
  /** Its epoch was taken on the server's word: the log has not agreed with our digest since. */
  readonly unproven?: true;
  /** How often it was built anew from another history, and the last seq that the two had in common. */
  readonly rebuilt?: { readonly times: number; readonly from: Seq };
  /** It is new and being filled from a snapshot: nothing of its log is folded before that is through. */
  readonly filling?: Filling;
  /** It was behind the horizon, until the person has seen what came of that. */
  readonly away?: AwayNote;
  /** Actor ids that this replica had before a fork. */
  readonly selves?: readonly FormerSelf[];
}

/** A record on disk. */
export interface StoredRecord extends Known {
  /** On its way to another space by this op, which is not in the log yet: not shown here any more. */
  readonly moving?: OpRef;
}

/** An op that will not be in the log, kept until a person decides. */
export interface SetAside {
  readonly row: RowId;
  readonly index: number;
  readonly space: SpaceId;
  readonly actor: ActorId;
  /** Absent where it was never sealed. */
  readonly clock?: Clock;
  readonly code: string;
  readonly base: Seq;
  readonly at: number;
  readonly v: number;
  readonly payload: string;
}

/** A record as it was in a former history, and what of that is missing in the present one. */
export interface FormerRecord extends FormerRef {
  readonly confirmed: RecordState;
  readonly missing: readonly Missing[];
}

/** An op of this replica that is in the log. */
export type TakenOp = Pick<SequencedOp, 'actor' | 'clock' | 'payload'>;

/** An outbox row that is in the log. */
export interface SettledRow extends OutboxRow {
  /** Of its last op in the log, or above it. */
  readonly seq: Seq;
  /** Wall time in ms. */
  readonly settledAt: number;
}

/**
 * The replica's database. Laws:
 * - `write` is atomic and durable: when its promise resolves, a power cut loses nothing of it; when
 *   it rejects, nothing of it is there.
 * - Writes are serialised, over all contexts of the device.
 * - Inside `work` nothing may be awaited but the transaction's own methods: a transaction that spans
 *   a fetch or a timer is committed by the browser half-way.
 */
export interface ReplicaStore {
  write<T>(work: (tx: ReplicaTx) => Promise<T>): Promise<T>;
  read<T>(work: (tx: ReplicaReads) => Promise<T>): Promise<T>;
  /** Deletes the whole database, whether it can be opened or not; the next to ask finds an empty one. */
  remove(): Promise<void>;
}

/** Of the layer's own tables alone: a look at these waits for no query of the app. */
export interface ReplicaReads extends FetchedReads {
  meta(): Promise<Meta | undefined>;
  space(space: SpaceId): Promise<SpaceRow | undefined>;
  spaces(): Promise<readonly SpaceRow[]>;
  /** Rows of a space's outbox in order, those behind row `after` alone; at most `limit` of them. */
  rowsOf(space: SpaceId, limit?: number, after?: RowId): Promise<OutboxRow[]>;
  rows(rows: readonly RowId[]): Promise<Map<RowId, OutboxRow>>;
  /** The newest row of a space's outbox. */
  lastRow(space: SpaceId): Promise<OutboxRow | undefined>;
  /** The oldest row of the whole outbox. */
  firstRow(): Promise<OutboxRow | undefined>;
  settled(row: RowId): Promise<SettledRow | undefined>;
  /** All settled rows of a space that are still kept, in order. */
  settledOf(space: SpaceId): Promise<SettledRow[]>;
  asideOfRow(row: RowId): Promise<readonly SetAside[]>;
  asideCount(): Promise<number>;
  allAside(): Promise<SetAside[]>;
  /** The conflicts that ops of the outbox resolve. */
  resolvedHere(): Promise<Set<ConflictKey>>;
  /** How many conflicts are open in each space, those that a pending op resolves not counted. */
  openConflicts(): Promise<ReadonlyMap<SpaceId, number>>;
  /** How many of these are set aside. */
  asideOf(ops: readonly OpRef[]): Promise<number>;
  /** How many records of former histories miss something in the present one. */
  formerCount(): Promise<number>;
}

export interface RecordName {
  readonly collection: string;
  readonly id: string;
}

export interface ReplicaTx extends ReplicaReads, DropTx, FetchedTx {
  /** The records of these keys that are stored; the others are unknown here. */
  records(space: SpaceId, keys: readonly RecordName[]): Promise<Map<RecordKey, StoredRecord>>;
  /** False where none of these is stored; true where that is not known either. */
  mayStore(space: SpaceId, keys: readonly RecordName[]): Promise<boolean>;
  /** The conflicts of these keys that are known. */
  conflicts(space: SpaceId, keys: readonly ConflictKey[]): Promise<Map<ConflictKey, Conflict>>;
  /** Every record of a space that is stored. */
  allRecords(space: SpaceId): Promise<StoredRecord[]>;
  /** The spaces in which a record of this name is visible; if in none, those where it is hidden. */
  spacesOf(name: RecordName): Promise<SpaceId[]>;
  putMeta(meta: Meta): Promise<void>;
  putSpaces(rows: readonly SpaceRow[]): Promise<void>;
  deleteSpace(space: SpaceId): Promise<void>;
  /** Appends to the outbox; the ids grow with each row, never reused. */
  addRows(rows: readonly Omit<OutboxRow, 'row'>[]): Promise<RowId[]>;
  putRows(rows: readonly OutboxRow[]): Promise<void>;
  /** The rows added from now on get ids from this one on. */
  beginRowsAt(row: RowId): Promise<void>;
  /** Takes rows out of the outbox. */
  deleteRows(rows: readonly RowId[]): Promise<void>;
  /** Stores records that this transaction has asked for before, or that are stored nowhere in the space. */
  putRecords(space: SpaceId, records: readonly StoredRecord[]): Promise<void>;
  /** Shows all records of these collections by the config that the app has now, kinds and tables. */
  redraw(collections: readonly string[]): Promise<void>;
  /** Renames a space's records and outbox rows; of a record that both have the moved one stays. */
  moveSpace(from: SpaceId, to: SpaceId): Promise<void>;
  putConflicts(space: SpaceId, conflicts: ReadonlyMap<ConflictKey, Conflict>): Promise<void>;
  putMalformed(space: SpaceId, malformed: readonly Malformed[]): Promise<void>;
  /** Removes all that was derived from a space's log: records, conflicts, malformed ops. */
  clearSpace(space: SpaceId): Promise<void>;
  /** The same but for the records. */
  clearFindings(space: SpaceId): Promise<void>;
  /** Keeps these, or what is left of them. */
  putFormer(records: readonly FormerRecord[]): Promise<void>;
  /** Those of these names that are kept. */
  former(refs: readonly FormerRef[]): Promise<FormerRecord[]>;
  /** What is kept of these records, of whichever history. */
  formerOf(space: SpaceId, names: readonly RecordName[]): Promise<FormerRecord[]>;
  allFormer(space: SpaceId): Promise<FormerRecord[]>;
  removeFormer(refs: readonly FormerRef[]): Promise<void>;
  putAside(ops: readonly SetAside[]): Promise<void>;
  removeAside(ops: readonly OpRef[]): Promise<void>;
  /** Forgets those of these that were set aside: they are in the log after all, and none of a copy's. */
  deleteAside(space: SpaceId, ops: readonly TakenOp[]): Promise<void>;
  putSettled(rows: readonly SettledRow[]): Promise<void>;
  deleteSettled(rows: readonly RowId[]): Promise<void>;
  /**
   * Forgets settled rows from before `time` (wall times in ms); returns how many. Rows of a time to
   * come, of a clock that was set back since, count from `now`.
   */
  dropSettledBefore(time: number, now: number): Promise<number>;
}

/** A storage fault in words the engine can act on; the adapters translate their own errors to it. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;
  constructor(fault: StorageFault, options?: ErrorOptions) {
    super(`storage_${fault}`, options);
    this.fault = fault;
  }
  get code(): `storage_${StorageFault}` {
    return `storage_${this.fault}`;
  }
}

/** The browser's own word on this device's storage. */
export interface StoragePort {
  /** Null where it does not say. */
  figures(): Promise<StorageFigures | null>;
}

// ── what outlives the replica ────────────────────────────────────────────────────────────────────

export interface Connection {
  /** The server's origin. */
  readonly url: string;
  readonly token: string;
  readonly account: AccountAnswer;
}

/** Small facts in a database of their own, so that they outlive a rebuilt replica. */
export interface Session {
  readonly device: DeviceId;
  readonly config?: AppConfig;
  /** Collections whose rows are still as a former config had them. */
  readonly redraw?: readonly string[];
  readonly connection?: Connection;
  readonly paused?: boolean;
  readonly retry?: Retry;
  /** The server refused the token. */
  readonly authFailed?: boolean;
  readonly updateNeeded?: boolean;
  /** How many ops a request may carry, after a larger one failed. */
  readonly most?: number;
  /** Wall time in ms. */
  readonly lastSyncedAt?: number;
  /** The browser was asked to keep what is here. */
  readonly askedToPersist?: boolean;
  /** The replica that was here when it was last looked at. */
  readonly replica?: ReplicaMark;
  /** What went with replicas that the browser lost, until the person has seen it. */
  readonly lost?: Lost;
  /** What was not sent of a replica that is to be deleted. */
  readonly salvaged?: Salvaged;
}

export interface SessionStore {
  load(): Promise<Session>;
  /** Changes the members given, `undefined` removing one; atomic. */
  save(change: { [Member in keyof Session]?: Session[Member] | undefined }): Promise<Session>;
}

// ── the world outside ────────────────────────────────────────────────────────────────────────────

/** Requests to the server. Each ends within the transport's time-out of its last progress; none throws. */
export interface Transport {
  push(connection: Connection, request: PushRequest): Promise<Outcome<PushAnswer>>;
  /** What the log has behind a place. Says nothing of who asks: nobody's cursor moves by it. */
  pull(connection: Connection, from: LogPlace): Promise<Outcome<PushAnswer>>;
  account(url: string, token: string): Promise<Outcome<AccountAnswer>>;
  /** Reads a snapshot's text, the newest of the space or the rest of one, as long as it is taken. */
  bootstrap(
    connection: Connection,
    space: SpaceId,
    reading: SnapshotReading,
  ): Promise<Outcome<undefined>>;
  /** Opens the server's stream of pokes; it goes on until it breaks or is stopped. */
  listen(connection: Connection, hear: Hear): Listening;
}

export interface Hear {
  /** The server answered: what happened before is known by asking. */
  onOpen(): void;
  onPoke(poke: Poke): void;
  /** Any sign of life, pings too. */
  onSign(): void;
}

export interface Listening {
  /** Resolves when the stream is over, however it ended. */
  readonly ended: Promise<void>;
  stop(): void;
}

export interface Broadcast {
  /** Tells every page of the origin. A hint: a page that misses it asks. */
  tell(notice: Notice): Promise<void>;
  /** Where several engines tell the same pages: calls back when another one has told them something. */
  onOthers?(fn: () => void): void;
}

export interface Locks {
  /** Runs `work` alone among all contexts of this device that ask for the same name. */
  exclusive<T>(name: string, work: (hold: Hold) => Promise<T>): Promise<T>;
}

export interface Hold {
  /** Another context took the lock over, because this one gave no sign of life: begin nothing more. */
  readonly isLost: boolean;
}

/** What wakes the host when there is something to send and nobody is there to say so. */
export interface Bell {
  readonly worksWhenClosed: boolean;
  ring(): Promise<void>;
}

export interface Ports {
  readonly clock: ClockPort;
  readonly random: RandomPort;
  readonly sha256: Sha256;
  readonly session: SessionStore;
  readonly store: ReplicaStore;
  readonly transport: Transport;
  readonly broadcast: Broadcast;
  readonly locks: Locks;
  readonly bell: Bell;
  /** Absent where the platform has no word on its storage. */
  readonly storage?: StoragePort;
  /** Other than the usual, where logs are short. */
  readonly fillSizes?: FillSizes;
  /** Other than the usual, where bulks are small. */
  readonly aheadSizes?: AheadSizes;
}
