/**
 * Accounts and tokens on SQLite. Shares the database with the log, and nothing else. A token that was
 * found is remembered until this process changes one, or another one commits anything at all: then
 * it may have been revoked.
 */
import type Database from 'better-sqlite3';
import type { AccountId, Epoch, SpaceId } from '../../core/index.ts';
import type { AuthStore, StoredAccount, StoredToken } from '../auth/port.ts';
import { withFaults } from './database.ts';
import { createCommitCount, Recent, whenChanged } from './recent.ts';
import type { SpaceRows } from './space-rows.ts';

interface TokenRow {
  id: string;
  account: AccountId;
  label: string;
  only_space: SpaceId | null;
  read_only: number;
  is_link: number;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export function createSqliteAuthStore(db: Database.Database, spaces: SpaceRows): AuthStore {
  const accountBy = (condition: string) =>
    db.prepare<[string], StoredAccount>(`SELECT id, name, home FROM account WHERE ${condition}`);
  const byId = accountBy('id = ?');
  const byName = accountBy('name = ?');
  const first = db.prepare<[], StoredAccount>(
    'SELECT id, name, home FROM account ORDER BY created_at, rowid LIMIT 1',
  );
  const insertAccount = db.prepare<[string, string, string, number]>(
    'INSERT INTO account (id, name, home, created_at) VALUES (?, ?, ?, ?)',
  );
  const tokenBy = <Key>(condition: string) =>
    db.prepare<[Key], TokenRow>(`SELECT * FROM token WHERE ${condition}`);
  const bySecret = tokenBy<Uint8Array>('secret = ?');
  const byTokenId = tokenBy<string>('id = ?');
  const all = db.prepare<[], TokenRow>('SELECT * FROM token ORDER BY created_at, rowid');
  const insertToken = db.prepare(
    `INSERT INTO token (id, secret, account, label, only_space, read_only, is_link, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const used = db.prepare<[number, string]>('UPDATE token SET last_used_at = ? WHERE id = ?');
  const revoke = db.prepare<[number, string]>(
    'UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
  );
  const dropUnused = db.prepare('DELETE FROM token WHERE is_link = 1 AND last_used_at IS NULL');

  const remembered = new Recent<string, StoredToken>();
  const namesById = new Recent<string, string>();
  const forgetIfOthersWrote = whenChanged(createCommitCount(db), () => remembered.clear());

  function tokenOf(secret: Uint8Array): StoredToken | null {
    forgetIfOthersWrote();
    const name = Buffer.from(secret).toString('base64');
    const found = remembered.get(name) ?? asToken(bySecret.get(secret));
    if (!found) return null;
    remembered.set(name, found);
    namesById.set(found.id, name);
    return found;
  }

  function forget(id: string): void {
    const name = namesById.get(id);
    if (name !== undefined) remembered.delete(name);
  }

  const addAccount = db.transaction((account: StoredAccount, epoch: Epoch, at: number) => {
    const there = byName.get(account.name);
    if (there) return there;
    insertAccount.run(account.id, account.name, account.home, at);
    spaces.make(account.home, epoch, account.id, at);
    return account;
  });

  return {
    account: async (id) => withFaults(() => byId.get(id) ?? null),
    accountNamed: async (name) => withFaults(() => byName.get(name) ?? null),
    firstAccount: async () => withFaults(() => first.get() ?? null),
    addAccount: async (account, epoch, at) =>
      withFaults(() => addAccount.immediate(account, epoch, at)),

    async addToken(token, secret) {
      const { id, account, label, onlySpace, readOnly, isLink, createdAt } = token;
      const flags = [Number(readOnly), Number(isLink)];
      withFaults(() => insertToken.run(id, secret, account, label, onlySpace, ...flags, createdAt));
    },
    tokenOf: async (secret) => withFaults(() => tokenOf(secret)),
    token: async (id) => withFaults(() => asToken(byTokenId.get(id))),
    tokens: async () => withFaults(() => all.all().map(known)),
    async used(id, at) {
      withFaults(() => used.run(at, id));
      forget(id);
    },
    async revoke(id, at) {
      withFaults(() => revoke.run(at, id));
      forget(id);
    },
    async dropUnusedLinks() {
      withFaults(() => dropUnused.run());
    },
  };
}

const asToken = (row: TokenRow | undefined): StoredToken | null => (row ? known(row) : null);

const known = (row: TokenRow): StoredToken => ({
  id: row.id,
  account: row.account,
  label: row.label,
  onlySpace: row.only_space,
  readOnly: row.read_only === 1,
  isLink: row.is_link === 1,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
});
