/** Goes through a whole database for anything that is not as it was written. Changes nothing. */
import Database from 'better-sqlite3';
import { nextDigestBytes } from '../../core/index.ts';
import type { Sha256, UnplacedOp } from '../../core/index.ts';
import { openReader, withFaults } from './database.ts';
import { BrokenLogError } from './faults.ts';

export interface Verified {
  readonly spaces: number;
  readonly ops: number;
}

interface Log {
  readonly n: number;
  readonly id: string;
  readonly head: number;
  readonly head_digest: Buffer;
  readonly horizon: number;
  readonly horizon_digest: Buffer;
}

type Link = UnplacedOp & { readonly seq: number; readonly digest: Buffer };

/**
 * Throws BrokenLogError where a page, a reference or a link of a log's chain is not right. `name`: what
 * the person calls the file. Throws DamagedDatabaseError where SQLite itself cannot go on.
 */
export function verifyDatabase(db: Database.Database, sha256: Sha256, name = db.name): Verified {
  try {
    return withFaults(() => verifyAll(db, sha256, name), name);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    // A table is not there, as in a file that is empty.
    throw new BrokenLogError(`${name}: ${error.message}`, { cause: error });
  }
}

function verifyAll(db: Database.Database, sha256: Sha256, name: string): Verified {
  const [first] = db.pragma('integrity_check') as { integrity_check: string }[];
  if (first?.integrity_check !== 'ok') {
    throw new BrokenLogError(`${name}: ${first?.integrity_check ?? 'it cannot be read'}`);
  }
  if ((db.pragma('foreign_key_check') as unknown[]).length > 0) {
    throw new BrokenLogError(`${name}: a row names one that is not there`);
  }
  const logs = db.prepare<[], Log>('SELECT * FROM space ORDER BY n').all();
  const links = db.prepare<[number, number], Link>(
    `SELECT seq, actor.id AS actor, clock, base, at, v, key, payload, digest
     FROM op JOIN actor ON actor.n = op.actor
     WHERE op.space = ? AND seq > ? ORDER BY seq`,
  );
  const ops = logs.reduce(
    (sum, log) => sum + follow(name, log, links.iterate(log.n, log.horizon), sha256),
    0,
  );
  return { spaces: logs.length, ops };
}

/** The same for a file that nobody has open. */
export function verifyFile(file: string, sha256: Sha256, name = file): Verified {
  const db = openReader(file);
  try {
    return verifyDatabase(db, sha256, name);
  } finally {
    db.close();
  }
}

/** From the horizon to the head, link by link. Returns how many there are. */
function follow(file: string, log: Log, links: Iterable<Link>, sha256: Sha256): number {
  let seq = log.horizon;
  let digest: Uint8Array = log.horizon_digest;
  for (const link of links) {
    seq += 1;
    digest = nextDigestBytes(digest, { ...link, key: link.key ?? '' }, sha256);
    if (link.seq !== seq || !link.digest.equals(digest)) {
      throw new BrokenLogError(`${file}: the log of space ${log.id} is broken at ${seq}`);
    }
  }
  if (seq !== log.head || !log.head_digest.equals(digest)) {
    throw new BrokenLogError(`${file}: the log of space ${log.id} does not end at its head`);
  }
  return seq - log.horizon;
}
