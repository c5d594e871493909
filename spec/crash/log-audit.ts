/**
 * Looks into the server's database from outside, each time as far as it has grown since the last:
 * seqs and clocks without a hole, the digests one chain, each space's row at the end of its log.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  EMPTY_DIGEST,
  nextDigest,
  type ActorId,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';

export interface AuditedOp extends SequencedOp {
  readonly space: SpaceId;
}

interface SpaceRow {
  readonly n: number;
  readonly id: SpaceId;
  readonly head: number;
  readonly head_digest: Buffer;
}

type OpRow = Omit<SequencedOp, 'key'> & { readonly key: string | null; readonly digest: Buffer };

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export class LogAudit {
  readonly faults: string[] = [];
  /** Ops of a clock that was there already. */
  doubled = 0;
  readonly #file: string;
  readonly #ends = new Map<SpaceId, { seq: number; digest: string }>();
  readonly #clocks = new Map<string, number>();

  constructor(data: string) {
    this.#file = join(data, 'offing.db');
  }

  /** Reads on, and meets the ops that are new. What was read before must still be there. */
  readOn(meet: (op: AuditedOp) => void): void {
    const db = new Database(this.#file, { readonly: true });
    try {
      // One transaction: while it is read, the server goes on.
      db.transaction(() => this.#readSpaces(db, meet))();
    } finally {
      db.close();
    }
  }

  /** How many ops of an actor are in the log of a space; they are its first. */
  countOf(space: SpaceId, actor: ActorId): number {
    return this.#clocks.get(`${space} ${actor}`) ?? 0;
  }

  headOf(space: SpaceId): number {
    return this.#ends.get(space)?.seq ?? 0;
  }

  #readSpaces(db: Database.Database, meet: (op: AuditedOp) => void): void {
    const spaces = db
      .prepare<[], SpaceRow>('SELECT n, id, head, head_digest FROM space ORDER BY n')
      .all();
    const known = new Set(spaces.map(({ id }) => id));
    for (const id of this.#ends.keys()) {
      if (!known.has(id)) this.faults.push(`${id}: the space is gone`);
    }
    for (const space of spaces) this.#readSpace(db, space, meet);
  }

  #readSpace(
    db: Database.Database,
    { n, id, head, head_digest }: SpaceRow,
    meet: (op: AuditedOp) => void,
  ): void {
    const end = this.#ends.get(id) ?? { seq: 0, digest: EMPTY_DIGEST };
    if (end.seq > 0 && !this.#isStillThere(db, n, end)) {
      this.faults.push(`${id}: what was at ${end.seq} is not there any more`);
    }
    for (const { digest, key, ...row } of rowsAfter(db, n, end.seq)) {
      const op = { ...row, ...(key !== null && { key }), space: id };
      meet(op);
      this.#takePlace(op, end.seq);
      end.seq = op.seq;
      end.digest = nextDigest(end.digest, op, sha256);
      if (digest.toString('hex') !== end.digest)
        this.faults.push(`${id} ${op.seq}: another digest`);
    }
    if (head !== end.seq || head_digest.toString('hex') !== end.digest) {
      this.faults.push(`${id}: its row says ${head}, its log ends at ${end.seq}`);
    }
    this.#ends.set(id, end);
  }

  #isStillThere(db: Database.Database, n: number, end: { seq: number; digest: string }): boolean {
    const digest = db
      .prepare<[number, number], Buffer>('SELECT digest FROM op WHERE space = ? AND seq = ?')
      .pluck()
      .get(n, end.seq);
    return digest?.toString('hex') === end.digest;
  }

  #takePlace({ space, seq, actor, clock }: AuditedOp, before: number): void {
    if (seq !== before + 1) this.faults.push(`${space}: ${seq} comes after ${before}`);
    const last = this.countOf(space, actor);
    if (clock !== last + 1) {
      this.faults.push(`${space} ${seq}: clock ${clock} of ${actor} comes after ${last}`);
      if (clock <= last) this.doubled += 1;
    }
    this.#clocks.set(`${space} ${actor}`, clock);
  }
}

const rowsAfter = (db: Database.Database, space: number, seq: number) =>
  db
    .prepare<[number, number], OpRow>(
      `SELECT seq, actor.id AS actor, clock, base, at, v, key, payload, digest
       FROM op JOIN actor ON actor.n = op.actor WHERE op.space = ? AND seq > ? ORDER BY seq`,
    )
    .iterate(space, seq);

/** What SQLite itself finds wrong with the file. */
export function brokenPages(data: string): string[] {
  const db = new Database(join(data, 'offing.db'), { readonly: true });
  try {
    const found = [
      ...(db.pragma('integrity_check') as { integrity_check: string }[]).map(
        ({ integrity_check: text }) => text,
      ),
      ...(db.pragma('foreign_key_check') as unknown[]).map((row) => JSON.stringify(row)),
    ];
    return found.filter((text) => text !== 'ok');
  } finally {
    db.close();
  }
}
