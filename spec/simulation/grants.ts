/**
 * Who may do what in a run, as its people and their operator have arranged it: accounts with their
 * homes, the tokens that speak for them, and what each may do in each list.
 */
import { FIRST_SEQ, type AccountId, type Seq, type SpaceId } from '../../core/index.ts';
import type { SimServer } from './sim-server.ts';

export const ACCOUNTS = ['ann', 'bob'] as const;
export type AccountName = (typeof ACCOUNTS)[number];
export type Level = 'none' | 'read' | 'write';

interface Account {
  readonly id: AccountId;
  readonly home: SpaceId;
}

export class Grants {
  readonly #server: SimServer;
  readonly #accounts = new Map<AccountName, Account>();
  /** Every token there ever was, and whose it is. */
  readonly #tokens = new Map<string, AccountName>();
  readonly #revoked = new Set<string>();
  readonly #newest = new Map<AccountName, string>();
  /** What bob may do in ann's lists. */
  readonly #shared = new Map<SpaceId, Level>();
  readonly deleted = new Set<SpaceId>();
  /** By account and space: the last seq that was taken while the account might reach it. */
  readonly #reached = new Map<string, Seq>();
  /** Ann's alone, and the ones that she shares. */
  lists: readonly SpaceId[] = [];

  constructor(server: SimServer) {
    this.#server = server;
  }

  /** Makes the accounts; within the server's turn. */
  async make(lists: readonly SpaceId[]): Promise<void> {
    this.lists = lists;
    for (const name of ACCOUNTS) {
      const { id, home } = await this.#server.parts.accounts.named(name);
      this.#accounts.set(name, { id, home });
      await this.renew(name);
    }
    for (const space of lists.slice(1)) this.#shared.set(space, 'write');
  }

  /** A token that nobody has yet; within the server's turn. */
  async renew(name: AccountName): Promise<void> {
    const account = this.#accountOf(name).id;
    const token = await this.#server.parts.tokens.mint({ account, label: 'sim' });
    this.#tokens.set(token, name);
    this.#newest.set(name, token);
  }

  /** Every token of the account counts no more, and there is a new one. */
  async revoke(name: AccountName): Promise<void> {
    const { tokens } = this.#server.parts;
    for (const { id, account } of await tokens.list())
      if (account === this.#accountOf(name).id) await tokens.revoke(id);
    for (const [token, whose] of this.#tokens) if (whose === name) this.#revoked.add(token);
    await this.renew(name);
  }

  /** The server was put back to a day on which it knew nothing of what was arranged since. */
  async restored(): Promise<void> {
    // Tokens of then may count again: what an operator has to see to is no fault of the server.
    this.#revoked.clear();
    for (const [space, level] of this.#shared) this.#write(space, level);
    for (const space of this.deleted) this.#delete(space);
    for (const name of ACCOUNTS) await this.renew(name);
  }

  share(space: SpaceId, level: Level): void {
    this.#shared.set(space, level);
    this.#write(space, level);
  }

  delete(space: SpaceId): void {
    this.deleted.add(space);
    this.#delete(space);
  }

  /** Everybody may again what they might in the beginning. */
  heal(): void {
    for (const space of this.lists.slice(1)) this.share(space, 'write');
  }

  tokenOf(name: AccountName): string {
    return this.#newest.get(name) ?? '';
  }

  accountBehind(token: string): AccountName | undefined {
    return this.#tokens.get(token);
  }

  isRevoked(token: string): boolean {
    return this.#revoked.has(token);
  }

  nameOf(account: AccountId | undefined): AccountName | undefined {
    return ACCOUNTS.find((name) => this.#accounts.get(name)?.id === account);
  }

  levelOf(name: AccountName | undefined, space: SpaceId): Level {
    if (name === undefined || this.deleted.has(space)) return 'none';
    if (this.#accountOf(name).home === space) return 'write';
    const isList = this.lists.includes(space);
    if (name === 'ann') return isList ? 'write' : 'none';
    return this.#shared.get(space) ?? 'none';
  }

  /** An op was taken: it may be told to those who may reach the space at this moment. */
  taken(space: SpaceId, seq: Seq): void {
    for (const name of ACCOUNTS)
      if (this.levelOf(name, space) !== 'none') this.#reached.set(`${name} ${space}`, seq);
  }

  /** Whether the account might reach the space when this seq was taken, or may by now. */
  mightReach(name: AccountName | undefined, space: SpaceId, seq: Seq): boolean {
    const last = this.#reached.get(`${name} ${space}`) ?? FIRST_SEQ;
    return this.levelOf(name, space) !== 'none' || last >= seq;
  }

  /** The lists that the people of an account know of, whatever they may do there at the moment. */
  listsOf(name: AccountName): readonly SpaceId[] {
    return name === 'ann' ? this.lists : this.lists.slice(1);
  }

  #accountOf(name: AccountName): Account {
    const account = this.#accounts.get(name);
    if (!account) throw new Error(`no account yet: ${name}`);
    return account;
  }

  #write(space: SpaceId, level: Level): void {
    const bob = this.#accountOf('bob').id;
    if (level === 'none') {
      this.#server.operate(
        'DELETE FROM access WHERE account = ? AND space = (SELECT n FROM space WHERE id = ?)',
        bob,
        space,
      );
      return;
    }
    this.#server.operate(
      `INSERT INTO access (account, space, level) SELECT ?, n, ? FROM space WHERE id = ?
       ON CONFLICT (account, space) DO UPDATE SET level = excluded.level`,
      bob,
      level,
      space,
    );
  }

  #delete(space: SpaceId): void {
    this.#server.operate('UPDATE space SET deleted_at = 1 WHERE id = ?', space);
  }
}
