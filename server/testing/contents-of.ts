/** What a database holds, to compare it with another that has numbered its rows otherwise. */
import Database from 'better-sqlite3';

type Row = Record<string, unknown>;

/** Every row of every table, with ids for numbers, and without epochs; snapshots where they are needed. */
export function contentsOf(file: string): Record<string, readonly string[]> {
  const db = new Database(file, { readonly: true });
  try {
    return contentsIn(db);
  } finally {
    db.close();
  }
}

function contentsIn(db: Database.Database): Record<string, readonly string[]> {
  const rowsOf = (sql: string) => db.prepare<[], Row>(sql).all();
  const idsOf = (table: string) =>
    new Map(rowsOf(`SELECT n, id FROM ${table}`).map(({ n, id }) => [n, id]));
  const ids = { space: idsOf('space'), actor: idsOf('actor') };

  function named({ n: _n, epoch: _e, epoch_from: _f, ...row }: Row): string {
    for (const each of ['space', 'actor'] as const) {
      if (each in row) row[each] = ids[each].get(row[each]);
    }
    return JSON.stringify(row);
  }

  const tables = rowsOf(`SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'snapshot%'`).map(({ name }) => String(name));
  const contents = tables.map((table) => [
    table,
    rowsOf(`SELECT * FROM ${table}`).map(named).sort(),
  ]);
  const snapshots = rowsOf(`SELECT snapshot.*, start, snapshot_part.checksum AS part
    FROM snapshot JOIN snapshot_part ON snapshot_part.snapshot = snapshot.n
    JOIN space ON space.n = snapshot.space WHERE horizon > 0`);
  return { ...Object.fromEntries(contents), snapshots: snapshots.map(named).sort() };
}
