/**
 * The store on SQLite: one file, one writing process, every exchange a transaction of its own.
 * Synchronous inside; the promises are the port's. The rows are known to the *-rows.ts files.
 */
import type Database from 'better-sqlite3';
import type { AuthStore } from '../auth/port.ts';
import { createActorRows } from './actor-rows.ts';
import type { FoundActor } from './actor-rows.ts';
import { openDatabase, withFaults } from './database.ts';
import { createOpRows } from './op-rows.ts';
import type { Ask, Exchanged, Facts, LogStore, Plan, Renewed, Writes } from './port.ts';
import { createSpaceRows } from './space-rows.ts';
import type { FoundSpace } from './space-rows.ts';
import { createSqliteAuthStore } from './sqlite-auth.ts';

export interface Store {
  readonly log: LogStore;
  readonly auth: AuthStore;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): void;
}

/** Opens, or makes, the store in the directory `data`. */
export function openSqliteStore(data: string): Store {
  const db = openDatabase(data);
  const spaces = createSpaceRows(db);
  const ping = db.prepare('SELECT 1');
  return {
    log: createSqliteLogStore(db, spaces),
    auth: createSqliteAuthStore(db, spaces),
    async ping() {
      withFaults(() => ping.get());
    },
    close() {
      if (!db.open) return;
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

function createSqliteLogStore(
  db: Database.Database,
  spaces: ReturnType<typeof createSpaceRows>,
): LogStore {
  const actors = createActorRows(db);
  const ops = createOpRows(db);
  ops.check();

  /** The rows of one ask, as they are now. */
  interface Found {
    space: FoundSpace | null;
    actor: FoundActor | null;
  }

  function find(ask: Ask): Found {
    const space = spaces.find(ask.space);
    const actor = space && ask.actor !== null ? actors.find(space.n, ask.actor) : null;
    return { space, actor };
  }

  function factsOf(ask: Ask, { space, actor }: Found): Facts {
    return {
      space,
      grant: space && spaces.grantOf(space, ask.account),
      actor,
      hashes: actor ? actors.hashes(actor, ask.clocks) : new Map(),
      refused: actor ? actors.refused(actor) : [],
      digestAtSince: space && ops.digestAt(space, ask.since),
    };
  }

  function write(ask: Ask, found: Found, writes: Writes): FoundSpace | null {
    const { make } = writes;
    const space = make ? spaces.make(ask.space, make.epoch, ask.account, make.at) : found.space;
    if (!space || !writes.actor || ask.actor === null) return space;
    const actor = actors.put(space.n, ask.actor, writes.actor);
    if (writes.forgetBelow !== null) actors.forgetBelow(actor, writes.forgetBelow);
    for (const row of writes.refuse) actors.refuse(actor, row);
    for (const row of writes.append) ops.append(space, actor.n, row);
    const last = writes.append.at(-1);
    if (last) spaces.moveHead(space, last.seq, last.digest);
    return space;
  }

  // Immediate, though many an exchange only reads: a transaction that begins by reading cannot
  // become a writer if a token command has committed meanwhile, however long it would wait.
  const inTransaction = db.transaction((work: () => unknown) => work());

  return {
    async exchange<Reply>(ask: Ask, decide: (facts: Facts) => Plan<Reply>) {
      const work = (): Exchanged<Reply> => {
        const found = find(ask);
        const { writes, page, reply } = decide(factsOf(ask, found));
        const space = writes ? write(ask, found, writes) : found.space;
        return { reply, page: page && space ? ops.page(space, page) : null };
      };
      return withFaults(() => inTransaction.immediate(work) as Exchanged<Reply>);
    },
    async spacesOf(account) {
      return withFaults(() => spaces.spacesOf(account));
    },
    async renew(space, newEpoch) {
      const work = (): readonly Renewed[] => spaces.renew(space, newEpoch);
      return withFaults(() => inTransaction.immediate(work) as readonly Renewed[]);
    },
    async membersOf(space) {
      return withFaults(() => spaces.membersOf(space));
    },
  };
}
