/** Writes checked facts into a new database. What is there twice is refused by the tables themselves. */
import Database from 'better-sqlite3';
import type { Checked } from '../archive/check.ts';
import { openDatabase, withFaults } from './database.ts';
import { createSnapshotRows } from './snapshot-rows.ts';
import { digestBytes } from './space-rows.ts';

export interface ArchiveTarget {
  /** Writes all of them in one transaction. False where the database has one of them already. */
  put(facts: readonly Checked[]): boolean;
  close(): void;
}

/** Makes the database in the folder. */
export function openArchiveTarget(folder: string): ArchiveTarget {
  const db = openDatabase(folder);
  const write = createWriter(db);
  const together = db.transaction((facts: readonly Checked[]) => facts.forEach(write));
  return {
    put(facts) {
      try {
        withFaults(() => together(facts));
        return true;
      } catch (error) {
        if (isTwice(error)) return false;
        throw error;
      }
    },
    close: () => db.close(),
  };
}

const isTwice = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CONSTRAINT');

/** Facts come in the order of an archive: what belongs to a space stands behind it. */
function createWriter(db: Database.Database): (fact: Checked) => void {
  const insert = insertsOf(db);
  const snapshots = createSnapshotRows(db);
  const actors = new Map<string, number>();
  let space = 0;

  /** Its number in this database. */
  function actorNamed(id: string): number {
    const n = actors.get(id);
    if (n === undefined) throw new Error(`actor ${id} was not written`);
    return n;
  }

  return (fact) => {
    switch (fact.kind) {
      case 'account':
        insert.account.run(fact.id, fact.name, fact.home, fact.createdAt);
        return;
      case 'token': {
        const { id, account, label, onlySpace, createdAt, lastUsedAt, revokedAt } = fact;
        const flags = [Number(fact.readOnly), Number(fact.isLink)];
        const times = [createdAt, lastUsedAt, revokedAt];
        insert.token.run(
          id,
          digestBytes(fact.secret),
          account,
          label,
          onlySpace,
          ...flags,
          ...times,
        );
        return;
      }
      case 'served':
        insert.served.run(fact.ms);
        return;
      case 'space': {
        const { id, epoch, from, head, horizon, dropped, createdAt, deletedAt } = fact;
        const digests = [digestBytes(fact.digest), digestBytes(fact.horizonDigest)];
        const seqs = [from, head, horizon, dropped];
        const made = insert.space.run(id, epoch, ...seqs, ...digests, createdAt, deletedAt);
        space = Number(made.lastInsertRowid);
        actors.clear();
        return;
      }
      case 'access':
        insert.access.run(fact.account, space, fact.level);
        return;
      case 'actor': {
        const { id, account, last, cursor, pushedFrom, seen } = fact;
        const made = insert.actor.run(space, id, account, last, cursor, pushedFrom, seen);
        actors.set(id, Number(made.lastInsertRowid));
        return;
      }
      case 'refused': {
        const { clock, code, limit, hash } = fact;
        insert.refused.run(actorNamed(fact.actor), clock, code, limit, digestBytes(hash));
        return;
      }
      case 'gone':
        insert.gone.run(actorNamed(fact.actor), fact.clock, digestBytes(fact.hash));
        return;
      case 'mark':
        insert.mark.run(space, fact.seq, fact.served);
        return;
      case 'op': {
        const { seq, clock, base, at, v, key = null, hash = '', digest, payload } = fact;
        const numbers = [seq, actorNamed(fact.actor), clock, base, at, v];
        insert.op.run(space, ...numbers, key, digestBytes(hash), digest, payload);
        return;
      }
      case 'snapshot':
        snapshots.put(space, fact.snapshot, fact.builtAt);
    }
  };
}

const insertsOf = (db: Database.Database) => {
  const into = (table: string, columns: string) =>
    db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.replaceAll(/\w+/g, '?')})`);
  return {
    account: into('account', 'id, name, home, created_at'),
    token: into(
      'token',
      `id, secret, account, label, only_space, read_only, is_link, created_at, last_used_at, revoked_at`,
    ),
    served: db.prepare('UPDATE served_time SET ms = ?'),
    space: into(
      'space',
      `id, epoch, epoch_from, head, horizon, dropped, head_digest, horizon_digest, created_at, deleted_at`,
    ),
    access: into('access', 'account, space, level'),
    actor: into('actor', 'space, id, account, last_clock, cursor, pushed_from, seen'),
    refused: into('refusal', 'actor, clock, code, bound, hash'),
    gone: into('gone', 'actor, clock, hash'),
    mark: into('log_mark', 'space, seq, served'),
    op: into('op', 'space, seq, actor, clock, base, at, v, key, hash, digest, payload'),
  };
};
