/** The rows that retention reads and changes, inside a transaction. */
import type Database from 'better-sqlite3';
import { asClock, asSeq, SERVER_ACTOR } from '../../core/index.ts';
import type { AccountId, ActorId, Clock, Seq, SpaceId, UnplacedOp } from '../../core/index.ts';
import type { Follower, LogMark } from './retention-port.ts';
import { digestBytes } from './space-rows.ts';
import type { FoundSpace } from './space-rows.ts';

const DAY_MS = 24 * 3_600_000;

interface Leaving extends Omit<UnplacedOp, 'key'> {
  readonly n: number;
  readonly key: string | null;
  readonly hash: Buffer;
}

export interface RetentionRows {
  served(): number;
  /** Returns the served time after it. */
  tick(ms: number): number;
  due(markedBy: number): readonly SpaceId[];
  living(): readonly SpaceId[];
  dropped(space: FoundSpace): Seq;
  setDropped(space: FoundSpace, through: Seq): void;
  marks(space: FoundSpace): readonly LogMark[];
  followers(space: FoundSpace): readonly Follower[];
  firstWritten(space: FoundSpace, after: Seq): Seq | null;
  serverClock(space: FoundSpace): Clock;
  /** Any account that owns the space, since every actor's row names one. */
  owner(space: FoundSpace): AccountId | null;
  /** Removes the log through `through`, with the hashes kept that can still be asked for. */
  remove(space: FoundSpace, through: Seq, hashOf: (op: UnplacedOp) => string): number;
  bytes(space: FoundSpace): number;
  snapshotBytes(space: FoundSpace): number;
}

export function createRetentionRows(db: Database.Database): RetentionRows {
  const served = db.prepare<[], number>('SELECT ms FROM served_time').pluck();
  const addServed = db
    .prepare<[number], number>('UPDATE served_time SET ms = ms + ? RETURNING ms')
    .pluck();
  const mark = db.prepare<[number]>(
    `INSERT INTO log_mark (space, seq, served) SELECT n, head, ? FROM space
     WHERE deleted_at IS NULL
       AND head > coalesce((SELECT max(seq) FROM log_mark WHERE log_mark.space = n), horizon)`,
  );
  const due = db
    .prepare<[number], SpaceId>(
      `SELECT id FROM space WHERE deleted_at IS NULL AND (horizon < dropped OR EXISTS (
         SELECT 1 FROM log_mark WHERE log_mark.space = n AND seq > dropped AND served <= ?))
       ORDER BY n`,
    )
    .pluck();
  const living = db
    .prepare<[], SpaceId>('SELECT id FROM space WHERE deleted_at IS NULL ORDER BY n')
    .pluck();
  const dropped = db
    .prepare<[number], number>('SELECT max(dropped, horizon) FROM space WHERE n = ?')
    .pluck();
  const setDropped = db.prepare<[number, number]>('UPDATE space SET dropped = ? WHERE n = ?');
  const marks = db.prepare<[number], LogMark>(
    'SELECT seq, served FROM log_mark WHERE space = ? ORDER BY seq',
  );
  const followers = db.prepare<[number], Follower>(
    `SELECT id AS actor, cursor, seen FROM actor
     WHERE space = ? AND cursor IS NOT NULL ORDER BY cursor`,
  );
  const serverActor = db.prepare<[number, ActorId], { n: number; last_clock: number }>(
    'SELECT n, last_clock FROM actor WHERE space = ? AND id = ?',
  );
  const firstWritten = db
    .prepare<[number, number, number], number>(
      'SELECT seq FROM op WHERE space = ? AND seq > ? AND actor <> ? ORDER BY seq LIMIT 1',
    )
    .pluck();
  const owner = db
    .prepare<[number], AccountId>(
      `SELECT account FROM access WHERE space = ? ORDER BY level <> 'own', account LIMIT 1`,
    )
    .pluck();
  const asked = db.prepare<[number, number], Leaving>(
    `SELECT actor.n, actor.id AS actor, clock, base, at, v, key, payload, hash
     FROM op JOIN actor ON actor.n = op.actor
     WHERE op.space = ? AND seq <= ? AND clock >= actor.pushed_from`,
  );
  const keep = db.prepare<[number, number, Buffer]>(
    'INSERT INTO gone (actor, clock, hash) VALUES (?, ?, ?)',
  );
  const digestAt = db
    .prepare<[number, number], Buffer>('SELECT digest FROM op WHERE space = ? AND seq = ?')
    .pluck();
  const moveHorizon = db.prepare<[number, Buffer, number]>(
    'UPDATE space SET horizon = ?, horizon_digest = ? WHERE n = ?',
  );
  const removeOps = db.prepare<[number, number]>('DELETE FROM op WHERE space = ? AND seq <= ?');
  const removeMarks = db.prepare<[number, number]>(
    'DELETE FROM log_mark WHERE space = ? AND seq <= ?',
  );
  const bytes = db
    .prepare<[number], number>(
      'SELECT coalesce(sum(octet_length(payload)), 0) FROM op WHERE space = ?',
    )
    .pluck();
  const snapshotBytes = db
    .prepare<[number], number>(
      `SELECT coalesce(sum(octet_length(body)), 0)
       FROM snapshot_part AS part JOIN snapshot ON snapshot.n = part.snapshot WHERE space = ?`,
    )
    .pluck();

  return {
    served: () => served.get() ?? 0,
    tick(ms) {
      const after = addServed.get(ms) ?? 0;
      if (Math.floor(after / DAY_MS) > Math.floor((after - ms) / DAY_MS)) mark.run(after);
      return after;
    },
    due: (markedBy) => due.all(markedBy),
    living: () => living.all(),
    dropped: (space) => asSeq(dropped.get(space.n) ?? 0),
    setDropped: (space, through) => {
      setDropped.run(through, space.n);
    },
    marks: (space) => marks.all(space.n),
    followers: (space) => followers.all(space.n),
    firstWritten(space, after) {
      const server = serverActor.get(space.n, SERVER_ACTOR)?.n ?? 0;
      const seq = firstWritten.get(space.n, after, server);
      return seq === undefined ? null : asSeq(seq);
    },
    serverClock: (space) => asClock(serverActor.get(space.n, SERVER_ACTOR)?.last_clock ?? 0),
    owner: (space) => owner.get(space.n) ?? null,
    remove(space, through, hashOf) {
      const digest = digestAt.get(space.n, through);
      if (!digest) throw new Error(`${db.name}: no row at ${through} of space ${space.n}`);
      for (const { n, key, hash, ...op } of asked.all(space.n, through)) {
        const received = key === null ? op : { ...op, key };
        keep.run(n, op.clock, hash.length > 0 ? hash : digestBytes(hashOf(received)));
      }
      moveHorizon.run(through, digest, space.n);
      removeMarks.run(space.n, through);
      return removeOps.run(space.n, through).changes;
    },
    bytes: (space) => bytes.get(space.n) ?? 0,
    snapshotBytes: (space) => snapshotBytes.get(space.n) ?? 0,
  };
}
