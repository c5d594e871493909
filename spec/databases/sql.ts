/** A SQLite file as SQL that makes it anew. */
import Database from 'better-sqlite3';

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

export function dumpSql(file: string): string {
  const db = new Database(file);
  const pragma = (name: string) => `PRAGMA ${name} = ${String(db.pragma(name, { simple: true }))};`;
  const declared = db
    .prepare<[], Declared>(
      'SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid',
    )
    .all();
  const lines = [pragma('application_id'), pragma('user_version')];
  lines.push(...declared.map(({ sql }) => `${sql};`));
  for (const { name } of declared.filter(({ type }) => type === 'table')) {
    const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${name}`).safeIntegers();
    for (const row of rows.all())
      lines.push(`INSERT INTO ${name} VALUES (${Object.values(row).map(literal).join(', ')});`);
  }
  db.close();
  return `${lines.join('\n')}\n`;
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `X'${value.toString('hex')}'`;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  // oxlint-disable-next-line typescript/no-base-to-string -- What is left of SQLite's kinds are numbers.
  return String(value);
}
