/** What auth needs of a database: accounts and tokens. Each call is one durable transaction. */
import type { AccountId, Epoch, SpaceId } from '../../core/index.ts';

export interface StoredAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly home: SpaceId;
}

export interface StoredToken {
  readonly id: string;
  readonly account: AccountId;
  readonly label: string;
  readonly onlySpace: SpaceId | null;
  readonly readOnly: boolean;
  /** Made for a connect link, and replaced by the next one if nobody used it. */
  readonly isLink: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface AuthStore {
  account(id: AccountId): Promise<StoredAccount | null>;
  accountNamed(name: string): Promise<StoredAccount | null>;
  /** The account made first. */
  firstAccount(): Promise<StoredAccount | null>;
  /** Makes the account together with its home space, unless the name is taken. Answers with whose it is. */
  addAccount(account: StoredAccount, epoch: Epoch, at: number): Promise<StoredAccount>;

  /** `secret` is the SHA-256 of the token: the store never sees a token. */
  addToken(token: StoredToken, secret: Uint8Array): Promise<void>;
  tokenOf(secret: Uint8Array): Promise<StoredToken | null>;
  token(id: string): Promise<StoredToken | null>;
  /** In the order of their making. */
  tokens(): Promise<readonly StoredToken[]>;
  used(id: string, at: number): Promise<void>;
  /** The first revocation stays: its time does not change. */
  revoke(id: string, at: number): Promise<void>;
  /** Removes link tokens that nobody has used. */
  dropUnusedLinks(): Promise<void>;
}
