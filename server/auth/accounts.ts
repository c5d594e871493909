/** Accounts: who tokens speak for. One is made together with its home space. */
import { asEpoch, toHex, uuidV7 } from '../../core/index.ts';
import type { AccountId, SpaceId } from '../../core/index.ts';
import type { AuthStore, StoredAccount } from './port.ts';

export interface Accounts {
  of(id: AccountId): Promise<StoredAccount>;
  /** The account of this name, made if there is none. */
  named(name: string): Promise<StoredAccount>;
  /** The account made first, or null. */
  first(): Promise<StoredAccount | null>;
}

export interface AccountsDeps {
  readonly store: AuthStore;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

export function createAccounts({ store, now, random }: AccountsDeps): Accounts {
  const newId = (): string => uuidV7(now(), random(10));
  return {
    async of(id) {
      const account = await store.account(id);
      if (!account) throw new Error(`no account ${id}, though a token speaks for it`);
      return account;
    },
    async named(name) {
      const there = await store.accountNamed(name);
      if (there) return there;
      const account = { id: newId() as AccountId, name, home: newId() as SpaceId };
      return store.addAccount(account, asEpoch(toHex(random(8))), now());
    },
    first: () => store.firstAccount(),
  };
}
