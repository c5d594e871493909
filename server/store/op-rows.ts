/** The rows of the log: appended, read in order, never changed. */
import type Database from 'better-sqlite3';
import { asClock, asSeq, EMPTY_DIGEST } from '../../core/index.ts';
import type { ActorId, Seq, SequencedOp } from '../../core/index.ts';
import { BrokenLogError } from './faults.ts';
import type { LogRow, Page, PageAsk } from './port.ts';
import { digestBytes, digestText } from './space-rows.ts';
import type { FoundSpace } from './space-rows.ts';

interface OpRow {
  seq: number;
  actor: ActorId;
  clock: number;
  base: number;
  at: number;
  v: number;
  key: string | null;
  payload: string;
  digest: Buffer;
}

export interface OpRows {
  append(space: FoundSpace, actor: number, row: LogRow): void;
  page(space: FoundSpace, ask: PageAsk): Page;
  /** The chain at `seq`; `null` where it is not known. */
  digestAt(space: FoundSpace, seq: Seq): string | null;
  /** Throws BrokenLogError unless every space's row agrees with the end of its log. */
  check(): void;
}

export function createOpRows(db: Database.Database): OpRows {
  const insert = db.prepare(
    `INSERT INTO op (space, seq, actor, clock, base, at, v, key, hash, digest, payload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const after = db.prepare<[number, number, number], OpRow>(
    `SELECT seq, actor.id AS actor, clock, base, at, v, key, payload, digest
     FROM op JOIN actor ON actor.n = op.actor
     WHERE op.space = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const digestAt = db
    .prepare<[number, number], Buffer>('SELECT digest FROM op WHERE space = ? AND seq = ?')
    .pluck();
  const broken = db
    .prepare<[], string>(
      `SELECT id FROM space WHERE head <> coalesce(
         (SELECT seq FROM op WHERE op.space = space.n ORDER BY seq DESC LIMIT 1), horizon)
       OR head_digest <> coalesce(
         (SELECT digest FROM op WHERE op.space = space.n AND seq = head), horizon_digest)`,
    )
    .pluck();

  return {
    append(space, actor, row) {
      const { seq, clock, base, at, v, key, payload } = row;
      const [hash, digest] = [digestBytes(row.hash), digestBytes(row.digest)];
      insert.run(space.n, seq, actor, clock, base, at, v, key ?? null, hash, digest, payload);
    },
    page(space, { since, ops: limit, bytes: limitBytes }) {
      const ops: SequencedOp[] = [];
      let digest: string | null = null;
      let bytes = 0;
      for (const row of after.iterate(space.n, since, limit)) {
        bytes += Buffer.byteLength(row.payload);
        if (bytes > limitBytes && ops.length > 0) break;
        ops.push(asOp(row));
        digest = digestText(row.digest);
      }
      return { ops, digest };
    },
    digestAt(space, seq) {
      if (seq === 0) return EMPTY_DIGEST;
      if (seq === space.head) return space.digest;
      if (seq === space.horizon) return space.horizonDigest;
      const bytes = digestAt.get(space.n, seq);
      return bytes ? digestText(bytes) : null;
    },
    check() {
      const id = broken.get();
      if (id !== undefined) {
        throw new BrokenLogError(`${db.name}: the log of space ${id} does not end at its head`);
      }
    },
  };
}

function asOp(row: OpRow): SequencedOp {
  const { actor, at, v, payload, key } = row;
  const op = {
    seq: asSeq(row.seq),
    actor,
    clock: asClock(row.clock),
    base: asSeq(row.base),
    at,
    v,
    payload,
  };
  return key === null ? op : { ...op, key };
}
