/**
 * The log's port to its database. The store owns transactions and rows; it decides nothing, and
 * never looks into a payload. `log/` decides, and never sees a transaction.
 *
 * The laws, which store-contract.ts checks on every implementation:
 *
 * 1. An exchange is whole or not at all, though it may share its commit with others. Between the facts
 *    and the writes of one exchange, no other changes the rows of its space.
 * 2. It resolves when its commit is durable. If it rejects, or `decide` throws, nothing of it was written.
 * 3. `decide` is synchronous and pure: a store that has to may call it again on fresh facts, and
 *    then keeps only the last plan.
 * 4. A row of the log never changes, and comes back byte for byte.
 * 5. A page begins right after `since`, has no holes, and has at least one op where there is one.
 *
 * An implementation may be synchronous inside (SQLite) or not (PostgreSQL): callers cannot tell.
 */
import type {
  AccountId,
  ActorId,
  Clock,
  Epoch,
  Refused,
  Seq,
  SequencedOp,
  SpaceId,
  UnplacedOp,
} from '../../core/index.ts';
import type { Grant } from '../auth/reach.ts';

export interface StoredSpace {
  readonly epoch: Epoch;
  /** The head at which this epoch began: 0, or where the server was restored. */
  readonly from: Seq;
  readonly head: Seq;
  readonly horizon: Seq;
  /** The chain at `head`. */
  readonly digest: string;
  readonly isDeleted: boolean;
}

export interface StoredActor {
  /** Who first used it: nobody else ever may. */
  readonly account: AccountId;
  /** The last clock used up: in the log, refused or void. */
  readonly last: Clock;
  /** What it has durably folded, by a digest that matched; `null` until it sent one. */
  readonly cursor: Seq | null;
  /** The clock that its last push began with: it has heard what became of those below. */
  readonly pushedFrom: Clock;
  /** When it last exchanged something, in served time (retention-port.ts), to a day. */
  readonly seen: number;
}

/**
 * An actor's op as it was received, for as long as its clock can be asked about: itself where the log has it
 * just so, or its hash where the server changed it (its time), refused it, or has its row no more.
 */
export type Kept =
  | { readonly isInLog: true; readonly op: Omit<UnplacedOp, 'actor'>; readonly hash?: never }
  | { readonly isInLog: boolean; readonly hash: string; readonly op?: never };

export interface Ask {
  readonly space: SpaceId;
  /** Whose grant is a fact of interest. */
  readonly account: AccountId;
  /** `null`: somebody who only looks. */
  readonly actor: ActorId | null;
  readonly since: Seq;
  /** The clocks that the request carries. */
  readonly clocks: readonly Clock[];
}

/** How things stand for one ask, all read at one moment. */
export interface Facts {
  readonly space: StoredSpace | null;
  readonly grant: Grant | null;
  readonly actor: StoredActor | null;
  /** Of the carried clocks, those in the log or refused. Of a void clock nothing is kept. */
  readonly kept: ReadonlyMap<Clock, Kept>;
  /** Every refusal that this actor may not have heard yet, in clock order. */
  readonly refused: readonly Refused[];
  /** The chain at `since`; `null` above the head or below the horizon. */
  readonly digestAtSince: string | null;
}

export interface LogRow extends SequencedOp {
  /** Of the op as it was received; `null` where that is the row itself. */
  readonly hash: string | null;
  /** The chain at this row: 16 bytes. */
  readonly digest: Uint8Array;
}

export interface RefusedRow extends Refused {
  readonly hash: string;
}

/** What a plan changes. Everything in it belongs to the asked space and actor. */
export interface Writes {
  /** Makes the space, and gives its maker `own`. */
  readonly make: { readonly epoch: Epoch; readonly at: number } | null;
  /** The actor's row as it shall be. */
  readonly actor: StoredActor | null;
  /** Rows from head + 1 on. The space's head and digest follow them. */
  readonly append: readonly LogRow[];
  readonly refuse: readonly RefusedRow[];
  /** Refusals below this clock have been heard. */
  readonly forgetBelow: Clock | null;
}

export interface PageAsk {
  readonly since: Seq;
  readonly ops: number;
  /** Bytes of payload. The first op comes whatever its size. */
  readonly bytes: number;
}

export interface Page {
  readonly ops: readonly SequencedOp[];
  /** The chain at the last op; `null` if there is none. */
  readonly digest: string | null;
}

export interface Plan<Reply> {
  readonly writes: Writes | null;
  /** Read after the writes, in the same transaction. */
  readonly page: PageAsk | null;
  readonly reply: Reply;
}

export interface Exchanged<Reply> {
  readonly reply: Reply;
  readonly page: Page | null;
}

export interface Renewed {
  readonly space: SpaceId;
  readonly epoch: Epoch;
  readonly from: Seq;
}

export interface LogStore {
  exchange<Reply>(ask: Ask, decide: (facts: Facts) => Plan<Reply>): Promise<Exchanged<Reply>>;
  /** The account's spaces that are not deleted, in the order of their making. */
  spacesOf(account: AccountId): Promise<readonly { space: SpaceId; grant: Grant }[]>;
  membersOf(space: SpaceId): Promise<readonly AccountId[]>;
  /** Begins a new epoch at the head of this space, or of each that is not deleted. */
  renew(space: SpaceId | null, newEpoch: () => Epoch): Promise<readonly Renewed[]>;
}
