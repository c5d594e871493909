/**
 * The store on SQLite: one file, one writing process. Exchanges that come together share a commit
 * (group-commit.ts), and one that changes nothing is answered from memory where that has its facts
 * (remembered.ts). The rows are known to the *-rows.ts files.
 */
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { FIRST_SEQ, toHex } from '../../core/index.ts';
import type { AuthStore } from '../auth/port.ts';
import { createActorRows } from './actor-rows.ts';
import type { ActorRows, FoundActor } from './actor-rows.ts';
import { contradictionsIn } from './contradictions.ts';
import { DATABASE_FILE, openDatabase, openMigrated, withFaults } from './database.ts';
import { sha256 } from '../log/op-hash.ts';
import { createDirectory } from './directory.ts';
import type { Directory } from './directory.ts';
import type { Observer } from '../observer.ts';
import { createFigures } from './figures.ts';
import type { StoreFigures } from './figures.ts';
import { assertHistory, assertNotLost } from './high-water.ts';
import type { HighWaterFacts } from './high-water.ts';
import { createGroupCommit } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import { createOpRows } from './op-rows.ts';
import type { OpRows } from './op-rows.ts';
import type { Ask, Facts, LogStore, Page, PageAsk, Plan, Renewed, Writes } from './port.ts';
import { createCommitCount } from './recent.ts';
import { createRemembered } from './remembered.ts';
import type { Remembered, Standing } from './remembered.ts';
import { createRetentionFacts } from './retention-facts.ts';
import type { LogFigures, RetentionStore } from './retention-port.ts';
import { createSpaceRows } from './space-rows.ts';
import type { FoundSpace, SpaceRows } from './space-rows.ts';
import { verifyDatabase } from './verify.ts';
import type { Verified } from './verify.ts';
import type { SnapshotSource, SnapshotStore } from './snapshot-port.ts';
import { createSqliteAuthStore } from './sqlite-auth.ts';
import { createSqliteRetentionStore } from './sqlite-retention.ts';
import { createSqliteSnapshotSource, createSqliteSnapshotStore } from './sqlite-snapshots.ts';

export interface Store {
  readonly log: LogStore;
  readonly retention: RetentionStore;
  readonly snapshots: SnapshotStore;
  readonly auth: AuthStore;
  /** How far the database has got, and what it has where it had got to. */
  highWater(mark: number): HighWaterFacts;
  readonly figures: () => StoreFigures;
  /** Rejects when the database does not answer, or its disk takes nothing. */
  ping(): Promise<void>;
  close(): void;
}

interface OpName {
  readonly n: number;
  readonly digest: Buffer;
}

export interface StoreOptions {
  /** How many exchanges may share a commit. */
  readonly together?: number | undefined;
  readonly observer?: Pick<Observer, 'commit'> | undefined;
}

/**
 * Opens, or makes, the store in the directory `data`. Throws LostDatabaseError where it was not always
 * as empty as it is.
 */
export function openSqliteStore(data: string, options: StoreOptions = {}): Store {
  assertNotLost(data);
  const db = openDatabase(data);
  try {
    assertHistory(data, () => hasHistory(db));
    return createSqliteStore(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A log whose ops were dropped has its head still. */
const hasHistory = (db: Database.Database): boolean =>
  db.prepare('SELECT 1 FROM space WHERE head > 0').get() !== undefined;

function createSqliteStore(db: Database.Database, { together, observer }: StoreOptions): Store {
  const spaces = createSpaceRows(db);
  const ops = createOpRows(db);
  ops.check();
  const commits = createGroupCommit(db, { most: together, observer });
  const actors = createActorRows(db);
  const remembered = createRemembered(createCommitCount(db));
  const parts = { spaces, actors, ops, commits, remembered };
  const ping = db.prepare('SELECT 1');
  const moved = db.prepare<[number]>('UPDATE served_time SET ms = ms + ?');
  const last = db.prepare<[], OpName>('SELECT n, digest FROM op ORDER BY n DESC LIMIT 1');
  const at = db.prepare<[number], Buffer>('SELECT digest FROM op WHERE n = ?').pluck();
  return {
    log: createSqliteLogStore(parts),
    retention: createSqliteRetentionStore(db, parts),
    snapshots: createSqliteSnapshotStore(db, { spaces, ops, commits }),
    auth: createSqliteAuthStore(db, spaces),
    highWater(mark) {
      const [now, found] = [last.get(), at.get(mark)];
      return {
        now: now ? { n: now.n, digest: toHex(now.digest) } : null,
        digestAtMark: found ? toHex(found) : null,
      };
    },
    figures: createFigures(db),
    async ping() {
      withFaults(() => ping.get());
      // There and back: what leaves a row as it was SQLite does not write.
      await commits.writable(() => [1, -1].map((ms) => moved.run(ms)));
    },
    close() {
      if (!db.open) return;
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

/** A database beside whoever writes to it, on a connection that only reads. */
export interface Reading {
  readonly source: SnapshotSource;
  readonly directory: Directory;
  readonly auth: Pick<AuthStore, 'account' | 'tokens'>;
  /** Throws BrokenLogError where anything is not as it was written. */
  verify(): Verified;
  /** What rows say of each other that cannot be. */
  contradictions(): readonly string[];
  /** What each log comes to. */
  figures(): readonly LogFigures[];
  /** Of the database file. */
  bytes(): number;
  close(): void;
}

/**
 * `isOneMoment`: what is committed after the first look is not seen. Throws DatabaseNotMigratedError
 * for one that no server of this version has opened yet.
 */
export const openReading = (data: string, isOneMoment = false): Reading =>
  openReadingOf(join(data, DATABASE_FILE), isOneMoment);

/** The same of a file of any name. */
export function openReadingOf(file: string, isOneMoment = false): Reading {
  const db = openMigrated(file);
  if (isOneMoment) db.exec('BEGIN');
  const rows = { spaces: createSpaceRows(db), ops: createOpRows(db) };
  const retention = createRetentionFacts(db, rows);
  const whole = createFigures(db);
  return {
    source: createSqliteSnapshotSource(db, rows),
    directory: createDirectory(db),
    auth: createSqliteAuthStore(db, rows.spaces),
    verify: () => verifyDatabase(db, sha256),
    contradictions: () => withFaults(() => contradictionsIn(db)),
    figures: () => withFaults(() => retention.figures()),
    bytes: () => whole().bytes,
    close: () => db.close(),
  };
}

interface LogParts {
  readonly spaces: SpaceRows;
  readonly actors: ActorRows;
  readonly ops: OpRows;
  readonly commits: GroupCommit;
  readonly remembered: Remembered;
}

function createSqliteLogStore({ spaces, actors, ops, commits, remembered }: LogParts): LogStore {
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
      kept: actor ? actors.kept(actor, ask.clocks) : new Map(),
      refused: actor ? actors.refused(actor) : [],
      digestAtSince: space && ops.digestAt(space, ask.since),
    };
  }

  function write(ask: Ask, found: Found, writes: Writes): FoundSpace | null {
    const { make } = writes;
    const space = make ? spaces.make(ask.space, make.epoch, ask.account, make.at) : found.space;
    if (!space || !writes.actor || ask.actor === null) return space;
    const actor = actors.put(space.n, ask.actor, writes.actor, found.actor);
    if (writes.forgetBelow !== null) actors.forgetBelow(actor, writes.forgetBelow);
    for (const row of writes.refuse) actors.refuse(actor, row);
    for (const row of writes.append) ops.append(space, actor.n, row);
    const last = writes.append.at(-1);
    if (last) spaces.moveHead(space, last.seq, last.digest);
    return space;
  }

  const pageOf = (found: Found, space: FoundSpace, page: PageAsk, writes: Writes | null): Page =>
    writes && page.since === (found.space?.head ?? FIRST_SEQ)
      ? ops.pageOfAppended(writes.append, page)
      : ops.page(space, page);

  return {
    async exchange<Reply>(ask: Ask, decide: (facts: Facts) => Plan<Reply>) {
      const known = remembered.factsOf(ask);
      const plan = known && decide(known);
      if (plan && changesNothing(plan, known)) {
        return { reply: plan.reply, page: plan.page && NO_OPS };
      }
      const { exchanged, standing } = await commits.run(() => {
        const found = find(ask);
        const facts = factsOf(ask, found);
        const { writes, page, reply } = decide(facts);
        const space = writes ? write(ask, found, writes) : found.space;
        return {
          exchanged: { reply, page: page && space ? pageOf(found, space, page, writes) : null },
          standing: space && standingAfter(space, facts, writes),
        };
      });
      if (standing) remembered.note(ask, standing);
      return exchanged;
    },
    async spacesOf(account) {
      return withFaults(() => spaces.spacesOf(account));
    },
    async renew(space, newEpoch) {
      const renewed = await commits.run((): readonly Renewed[] => spaces.renew(space, newEpoch));
      remembered.forget();
      return renewed;
    },
    async membersOf(space) {
      return withFaults(() => spaces.membersOf(space));
    },
  };
}

const NO_OPS: Page = { ops: [], digest: null };

/** A plan without writes whose page ends where it begins, at the head. */
const changesNothing = ({ writes, page }: Plan<unknown>, { space }: Facts): boolean =>
  writes === null && (page === null || page.since === space?.head);

/** The rows as the exchange leaves them; the head is where its last op is. */
function standingAfter(space: FoundSpace, facts: Facts, writes: Writes | null): Standing {
  const last = writes?.append.at(-1);
  const hasRefusals = facts.refused.length > 0 || (writes?.refuse.length ?? 0) > 0;
  return {
    space: last ? { ...space, head: last.seq, digest: toHex(last.digest) } : space,
    grant: writes?.make ? 'own' : facts.grant,
    actor: hasRefusals ? null : (writes?.actor ?? facts.actor),
  };
}
