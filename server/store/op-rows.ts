/** The rows of the log: appended, read in order, never changed. */
import type Database from 'better-sqlite3';
import { asClock, asSeq, EMPTY_DIGEST, toHex } from '../../core/index.ts';
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
  /** The page that begins with `rows`, which were appended just now: nothing need be read again. */
  pageOfAppended(rows: readonly LogRow[], ask: PageAsk): Page;
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
      const { seq, clock, base, at, v, key, digest, payload } = row;
      const hash = row.hash === null ? AS_IT_IS : digestBytes(row.hash);
      insert.run(space.n, seq, actor, clock, base, at, v, key ?? null, hash, digest, payload);
    },
    page: (space, ask) => cut(after.iterate(space.n, ask.since, ask.ops), ask),
    pageOfAppended: (rows, ask) => cut(rows.slice(0, ask.ops), ask),
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

/** In the place of a hash: the op was received as the row has it. */
const AS_IT_IS = Buffer.alloc(0);

function asOp({ seq, actor, clock, base, at, v, payload, key }: OpRow | LogRow): SequencedOp {
  const op = { seq: asSeq(seq), actor, clock: asClock(clock), base: asSeq(base), at, v, payload };
  return key === null || key === undefined ? op : { ...op, key };
}

/** As many of the rows as the page has bytes for; the first one whatever its size. */
function cut(rows: Iterable<OpRow | LogRow>, { bytes: limit }: PageAsk): Page {
  const ops: SequencedOp[] = [];
  let digest: Uint8Array | null = null;
  let bytes = 0;
  for (const row of rows) {
    bytes += Buffer.byteLength(row.payload);
    if (bytes > limit && digest) break;
    ops.push(asOp(row));
    digest = row.digest;
  }
  return { ops, digest: digest && toHex(digest) };
}
