/** The rows of spaces and of who may reach them, for whoever makes or reads one inside a transaction. */
import type Database from 'better-sqlite3';
import { asSeq, EMPTY_DIGEST } from '../../core/index.ts';
import type { AccountId, Epoch, Seq, SpaceId } from '../../core/index.ts';
import type { Grant } from '../auth/reach.ts';
import type { Renewed, StoredSpace } from './port.ts';

export const digestText = (bytes: Buffer): string => bytes.toString('hex');
export const digestBytes = (text: string): Buffer => Buffer.from(text, 'hex');

interface SpaceRow {
  n: number;
  epoch: Epoch;
  epoch_from: number;
  head: number;
  head_digest: Buffer;
  horizon: number;
  horizon_digest: Buffer;
  deleted_at: number | null;
}

/** A space with what only the database knows of it. */
export interface FoundSpace extends StoredSpace {
  readonly n: number;
  readonly horizonDigest: string;
}

export interface SpaceRows {
  find(id: SpaceId): FoundSpace | null;
  make(id: SpaceId, epoch: Epoch, owner: AccountId, at: number): FoundSpace;
  moveHead(space: FoundSpace, head: Seq, digest: Uint8Array): void;
  grantOf(space: FoundSpace, account: AccountId): Grant | null;
  spacesOf(account: AccountId): readonly { space: SpaceId; grant: Grant }[];
  membersOf(space: SpaceId): readonly AccountId[];
  renew(space: SpaceId | null, newEpoch: () => Epoch): readonly Renewed[];
}

export function createSpaceRows(db: Database.Database): SpaceRows {
  const find = db.prepare<[string], SpaceRow>('SELECT * FROM space WHERE id = ?');
  const insert = db.prepare<[string, string, Buffer, Buffer, number]>(
    `INSERT INTO space (id, epoch, epoch_from, head, head_digest, horizon, horizon_digest, created_at)
     VALUES (?, ?, 0, 0, ?, 0, ?, ?)`,
  );
  const moveHead = db.prepare<[number, Uint8Array, number]>(
    'UPDATE space SET head = ?, head_digest = ? WHERE n = ?',
  );
  const own = db.prepare<[string, number | bigint]>(
    "INSERT INTO access (account, space, level) VALUES (?, ?, 'own')",
  );
  const grantOf = db
    .prepare<[string, number], Grant>('SELECT level FROM access WHERE account = ? AND space = ?')
    .pluck();
  const spacesOf = db.prepare<[string], { space: SpaceId; grant: Grant }>(
    `SELECT space.id AS space, access.level AS "grant" FROM access JOIN space ON space.n = access.space
     WHERE access.account = ? AND space.deleted_at IS NULL ORDER BY space.n`,
  );
  const membersOf = db
    .prepare<[string], AccountId>(
      'SELECT account FROM access JOIN space ON space.n = access.space WHERE space.id = ?',
    )
    .pluck();

  const living = db
    .prepare<[], SpaceId>('SELECT id FROM space WHERE deleted_at IS NULL ORDER BY n')
    .pluck();
  const renew = db.prepare<[string, string], Renewed>(
    `UPDATE space SET epoch = ?, epoch_from = head WHERE id = ? AND deleted_at IS NULL
     RETURNING id AS space, epoch, epoch_from AS "from"`,
  );

  const rows: SpaceRows = {
    find(id) {
      const row = find.get(id);
      return row ? asFound(row) : null;
    },
    make(id, epoch, owner, at) {
      const zero = digestBytes(EMPTY_DIGEST);
      own.run(owner, insert.run(id, epoch, zero, zero, at).lastInsertRowid);
      const made = rows.find(id);
      if (!made) throw new Error(`space ${id} was not made`);
      return made;
    },
    moveHead: (space, head, digest) => {
      moveHead.run(head, digest, space.n);
    },
    grantOf: (space, account) => grantOf.get(account, space.n) ?? null,
    spacesOf: (account) => spacesOf.all(account),
    membersOf: (space) => membersOf.all(space),
    renew: (space, newEpoch) =>
      (space === null ? living.all() : [space]).flatMap((id) => renew.all(newEpoch(), id)),
  };
  return rows;
}

const asFound = (row: SpaceRow): FoundSpace => ({
  n: row.n,
  epoch: row.epoch,
  from: asSeq(row.epoch_from),
  head: asSeq(row.head),
  horizon: asSeq(row.horizon),
  digest: digestText(row.head_digest),
  horizonDigest: digestText(row.horizon_digest),
  isDeleted: row.deleted_at !== null,
});
