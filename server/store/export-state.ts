/**
 * The present state of a space as a plain SQLite file, for `SELECT`: a table for each collection with a
 * column for each field, and three of its own beside them.
 *
 *   items (id, title, done, …)    _space (space, epoch, seq, …)    _deleted    _conflicts
 *
 * Texts, numbers and null are themselves, true and false 1 and 0, everything else its JSON.
 */
import type Database from 'better-sqlite3';
import { visibleFields } from '../../core/index.ts';
import type { Conflict, Json, RecordFields, RecordState, WholeState } from '../../core/index.ts';
import { createPlainFile, withFaults } from './database.ts';

export interface ExportedSpace {
  readonly space: string;
  readonly epoch: string;
  readonly digest: string;
  readonly state: WholeState;
  /** Wall time in ms. */
  readonly at: number;
}

export interface Exported {
  readonly tables: number;
  readonly records: number;
}

/** SQLite's own limit is 2,000 columns; what a table has no column for stands as JSON in `_more`. */
const MOST_COLUMNS = 1000;

/** Writes `file`, which must be empty or not there. */
export const exportState = (file: string, exported: ExportedSpace): Exported =>
  withFaults(() => {
    const db = createPlainFile(file);
    try {
      return db.transaction(() => writeAll(db, exported))();
    } finally {
      db.close();
    }
  }, file);

function writeAll(db: Database.Database, exported: ExportedSpace): Exported {
  const living = byCollection(exported.state);
  const names = uniqueNames([...living.keys()], OWN_TABLES);
  let records = 0;
  for (const [collection, rows] of living) {
    writeCollection(db, names.get(collection) ?? collection, rows);
    records += rows.length;
  }
  writeSpace(db, exported);
  writeDeleted(db, exported.state);
  writeConflicts(db, exported.state);
  return { tables: living.size, records };
}

interface Living {
  readonly id: string;
  readonly fields: RecordFields;
}

function byCollection({ records }: WholeState): Map<string, Living[]> {
  const collections = new Map<string, Living[]>();
  for (const state of records.values()) {
    const fields = visibleFields(state);
    if (!fields) continue;
    const rows = collections.get(state.collection) ?? [];
    rows.push({ id: state.id, fields });
    collections.set(state.collection, rows);
  }
  return collections;
}

const OWN_TABLES = ['_space', '_deleted', '_conflicts'];
const OWN_COLUMNS = ['id', '_more'];

function writeCollection(db: Database.Database, table: string, rows: readonly Living[]): void {
  const fields = [...new Set(rows.flatMap((row) => [...row.fields.keys()]))].sort();
  const shown = fields.slice(0, MOST_COLUMNS);
  const columns = uniqueNames(shown, OWN_COLUMNS);
  const names = shown.map((field) => quoted(columns.get(field) ?? field));
  const hasMore = fields.length > shown.length;
  const all = ['id', ...names, ...(hasMore ? ['_more'] : [])];
  db.exec(`CREATE TABLE ${quoted(table)} (${[`id TEXT PRIMARY KEY`, ...all.slice(1)].join(', ')})`);
  const insert = db.prepare(
    `INSERT INTO ${quoted(table)} VALUES (${all.map(() => '?').join(', ')})`,
  );
  const isShown = new Set(shown);
  for (const { id, fields: values } of rows) {
    const more = [...values].filter(([name]) => !isShown.has(name));
    const last = more.length > 0 ? JSON.stringify(more) : null;
    const cells = shown.map((field) => cellOf(values.get(field)));
    insert.run(id, ...cells, ...(hasMore ? [last] : []));
  }
}

/** Names that SQLite takes for one, as `Title` and `title`, or for its own, get a number behind them. */
function uniqueNames(names: readonly string[], taken: readonly string[]): Map<string, string> {
  const used = new Set(taken.map(foldedCase));
  const unique = new Map<string, string>();
  for (const name of names) {
    // NUL would end the name; those that begin with `sqlite_` are SQLite's own.
    const plain = name.replaceAll('\0', '').replace(/^sqlite_/i, '_$&') || '_';
    let candidate = plain;
    for (let n = 2; used.has(foldedCase(candidate)); n++) candidate = `${plain}_${n}`;
    used.add(foldedCase(candidate));
    unique.set(name, candidate);
  }
  return unique;
}

/** As SQLite compares names: A to Z alone. */
const foldedCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function cellOf(value: Json | undefined): string | number | bigint | null {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return value;
    case 'number':
      // Every number is bound as a REAL, and 2 would read 2.0; a bigint is bound as an INTEGER.
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case 'boolean':
      return value ? 1n : 0n;
    default:
      return value === null ? null : JSON.stringify(value);
  }
}

function writeSpace(db: Database.Database, { space, epoch, digest, state, at }: ExportedSpace) {
  db.exec(
    'CREATE TABLE _space (space TEXT, epoch TEXT, seq INTEGER, digest TEXT, exported_at TEXT)',
  );
  db.prepare('INSERT INTO _space VALUES (?, ?, ?, ?, ?)').run(
    space,
    epoch,
    state.seq,
    digest,
    new Date(at).toISOString(),
  );
}

function writeDeleted(db: Database.Database, { records }: WholeState): void {
  db.exec('CREATE TABLE _deleted (collection TEXT, id TEXT, seq INTEGER, at TEXT)');
  const insert = db.prepare('INSERT INTO _deleted VALUES (?, ?, ?, ?)');
  const isDeleted = ({ grave }: RecordState) => grave !== undefined;
  for (const { collection, id, grave } of [...records.values()].filter(isDeleted)) {
    insert.run(collection, id, grave?.seq, new Date(grave?.at ?? 0).toISOString());
  }
}

function writeConflicts(db: Database.Database, { conflicts }: WholeState): void {
  db.exec(
    `CREATE TABLE _conflicts (collection TEXT, id TEXT, field TEXT, kind TEXT, is_open INTEGER,
     winner TEXT, loser TEXT)`,
  );
  const insert = db.prepare('INSERT INTO _conflicts VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const { collection, id, field, kind, open, winner, loser } of conflicts.values()) {
    insert.run(collection, id, field, kind, open ? 1 : 0, sideOf(winner), sideOf(loser));
  }
}

/** The values of a side as JSON entries; null for a deletion. */
const sideOf = ({ values }: Conflict['winner']): string | null =>
  values && JSON.stringify([...values]);
