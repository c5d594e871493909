/** The rows of snapshots: what is in them was checked when it was written, and is at each reading. */
import type Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { BootstrapHeaderSchema, parse } from '../../core/index.ts';
import type { Seq, SpaceId } from '../../core/index.ts';
import { DamagedSnapshotError, SnapshotGoneError } from './faults.ts';
import type { Listed, NewSnapshot, StoredHeader, StoredSnapshot } from './snapshot-port.ts';

/** How many of a space stay: the newest, and the one that it could be made from again. */
const KEPT = 2;

interface SnapshotRow {
  n: number;
  header: string;
  built_at: number;
  bytes: number;
  crc32: number;
  checksum: Buffer;
}

interface PartRow {
  start: number;
  bytes: number;
  checksum: Buffer;
}

export interface SnapshotRows {
  /** The newest first; `null` for one whose row is damaged. */
  all(space: number, id: SpaceId): readonly { n: number; snapshot: StoredSnapshot | null }[];
  part(snapshot: StoredSnapshot, index: number): Buffer;
  /** In the place of one at the same seq; older ones than the last two go. */
  put(space: number, snapshot: NewSnapshot, builtAt: number): void;
  remove(n: number): void;
}

export function createSnapshotRows(db: Database.Database): SnapshotRows {
  const all = db.prepare<[number], SnapshotRow>(
    'SELECT * FROM snapshot WHERE space = ? ORDER BY seq DESC',
  );
  const parts = db.prepare<[number], PartRow>(
    'SELECT start, bytes, checksum FROM snapshot_part WHERE snapshot = ? ORDER BY start',
  );
  const part = db.prepare<[number, number], PartRow & { body: Buffer }>(
    'SELECT start, bytes, checksum, body FROM snapshot_part WHERE snapshot = ? AND start = ?',
  );
  const insert = db.prepare(
    `INSERT INTO snapshot (space, seq, header, built_at, bytes, crc32, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertPart = db.prepare(
    'INSERT INTO snapshot_part (snapshot, start, bytes, body, checksum) VALUES (?, ?, ?, ?, ?)',
  );
  const older = db
    .prepare<[number, number], number>(
      'SELECT n FROM snapshot WHERE space = ? ORDER BY seq DESC LIMIT -1 OFFSET ?',
    )
    .pluck();
  const at = db
    .prepare<[number, number], number>('SELECT n FROM snapshot WHERE space = ? AND seq = ?')
    .pluck();
  const removeParts = db.prepare('DELETE FROM snapshot_part WHERE snapshot = ?');
  const remove = db.prepare('DELETE FROM snapshot WHERE n = ?');

  function soundOf(row: SnapshotRow, id: SpaceId): StoredSnapshot | null {
    const found = parts.all(row.n);
    const { n, bytes, crc32 } = row;
    if (!row.checksum.equals(checksumOf(row, found))) return null;
    const header = headerIn(row.header, id);
    if (!header) return null;
    return { n, header, builtAt: row.built_at, bytes, crc32, parts: found };
  }

  const rows: SnapshotRows = {
    all: (space, id) => all.all(space).map((row) => ({ n: row.n, snapshot: soundOf(row, id) })),
    part({ n, parts: known }, index) {
      const start = known[index]?.start;
      const row = start === undefined ? undefined : part.get(n, start);
      if (!row) throw new SnapshotGoneError(`part ${index} of snapshot ${n} is gone`);
      if (!row.checksum.equals(partChecksum(row, row.body))) throw new DamagedSnapshotError(n);
      return row.body;
    },
    put(space, { header, text }, builtAt) {
      const before = at.get(space, header.seq);
      if (before !== undefined) rows.remove(before);
      const found = text.parts.map(({ start, bytes, body }) => ({
        row: { start, bytes, checksum: partChecksum({ start, bytes }, body) },
        body,
      }));
      const row = { header: JSON.stringify(header), bytes: text.bytes, crc32: text.crc32 };
      const checksum = checksumOf(
        row,
        found.map((each) => each.row),
      );
      const { header: line, bytes, crc32 } = row;
      const { lastInsertRowid: n } = insert.run(
        space,
        header.seq,
        line,
        builtAt,
        bytes,
        crc32,
        checksum,
      );
      for (const { row: each, body } of found) {
        insertPart.run(n, each.start, each.bytes, body, each.checksum);
      }
      for (const old of older.all(space, KEPT)) rows.remove(old);
    },
    remove(n) {
      removeParts.run(n);
      remove.run(n);
    },
  };
  return rows;
}

/** Told by the chain: those that lie on the log as it is, and those whose row is damaged. */
export function soundOn(
  found: ReturnType<SnapshotRows['all']>,
  digestAt: (seq: Seq) => string | null,
): Listed {
  const sound = found.flatMap(({ snapshot }) => snapshot ?? []);
  return {
    sound: sound.filter(({ header }) => digestAt(header.seq) === header.digest),
    damaged: found.flatMap(({ n, snapshot }) => (snapshot ? [] : [n])),
  };
}

const partChecksum = ({ start, bytes }: Omit<PartRow, 'checksum'>, body: Uint8Array): Buffer =>
  sha256Of(Buffer.from(`${start} ${bytes}\n`), body);

/** Over the whole of it: its parts stand there with their own. */
const checksumOf = (
  { header, bytes, crc32 }: Pick<SnapshotRow, 'header' | 'bytes' | 'crc32'>,
  parts: readonly PartRow[],
): Buffer =>
  sha256Of(Buffer.from(`${header}\n${bytes} ${crc32}\n`), ...parts.map(({ checksum }) => checksum));

const sha256Of = (...pieces: readonly Uint8Array[]): Buffer =>
  hash('sha256', Buffer.concat(pieces), 'buffer');

function headerIn(text: string, id: SpaceId): StoredHeader | null {
  const parsed = parse(BootstrapHeaderSchema, { ...JSON.parse(text), epoch: 'none' });
  if (!parsed.ok || parsed.value.space !== id) return null;
  const { epoch: _, ...header } = parsed.value;
  return header;
}
