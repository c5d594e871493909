/**
 * Tokens: random, shown once, and kept only as a hash. One is looked up anew for every request, so
 * that a revocation counts at once, whichever process made it.
 */
import { hash } from 'node:crypto';
import type { AccountId, SpaceId } from '../../core/index.ts';
import { StorageFault } from '../store/faults.ts';
import type { AuthStore, StoredToken } from './port.ts';
import type { Asker } from './reach.ts';

const PREFIX = 'off_';
const SECRET_BYTES = 32;
const ID_BYTES = 6;
/** "Last used" is for people: exact to ten minutes, so that a poll does not cost a write. */
const USED_EVERY_MS = 10 * 60_000;

export interface NewToken {
  readonly account: AccountId;
  readonly label: string;
  readonly onlySpace?: SpaceId | undefined;
  readonly readOnly?: boolean;
  readonly isLink?: boolean;
}

export type Identified =
  | { readonly kind: 'asker'; readonly asker: Asker }
  | { readonly kind: 'invalid' | 'revoked' };

export interface Tokens {
  /** The token itself, which cannot be had again. */
  mint(asked: NewToken): Promise<string>;
  identify(token: string): Promise<Identified>;
  isRevoked(id: string): Promise<boolean>;
  list(): Promise<readonly StoredToken[]>;
  /** False if there is no such token. */
  revoke(id: string): Promise<boolean>;
  dropUnusedLinks(): Promise<void>;
}

export interface TokensDeps {
  readonly store: AuthStore;
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Called after a revocation by this process. */
  readonly onRevoked?: (id: string) => void;
}

export function createTokens({ store, now, random, onRevoked }: TokensDeps): Tokens {
  /** A full disk is no reason not to read: what is only for people is noted later. */
  async function noteUsed({ id, isLink, lastUsedAt }: StoredToken, at: number): Promise<void> {
    try {
      await store.used(id, at);
    } catch (error) {
      // A link whose first use is not known ends at the next start.
      const isNeeded = isLink && lastUsedAt === null;
      if (isNeeded || !(error instanceof StorageFault)) throw error;
    }
  }

  return {
    async mint({ account, label, onlySpace = null, readOnly = false, isLink = false }) {
      const token = PREFIX + Buffer.from(random(SECRET_BYTES)).toString('base64url');
      const id = Buffer.from(random(ID_BYTES)).toString('hex');
      const times = { createdAt: now(), lastUsedAt: null, revokedAt: null };
      await store.addToken(
        { id, account, label, onlySpace, readOnly, isLink, ...times },
        secretOf(token),
      );
      return token;
    },

    async identify(token) {
      // Found by the hash of 256 random bits: nothing here can be guessed by timing.
      const found = await store.tokenOf(secretOf(token));
      if (!found) return { kind: 'invalid' };
      if (found.revokedAt !== null) return { kind: 'revoked' };
      const at = now();
      if (found.lastUsedAt === null || at - found.lastUsedAt >= USED_EVERY_MS) {
        await noteUsed(found, at);
      }
      return { kind: 'asker', asker: askerOf(found) };
    },

    async isRevoked(id) {
      const found = await store.token(id);
      return !found || found.revokedAt !== null;
    },

    list: () => store.tokens(),

    async revoke(id) {
      if (!(await store.token(id))) return false;
      await store.revoke(id, now());
      onRevoked?.(id);
      return true;
    },

    dropUnusedLinks: () => store.dropUnusedLinks(),
  };
}

const secretOf = (token: string): Uint8Array => hash('sha256', token, 'buffer');

const askerOf = ({ id, account, onlySpace, readOnly }: StoredToken): Asker => ({
  account,
  token: id,
  onlySpace,
  readOnly,
});
