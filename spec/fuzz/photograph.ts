/** Every row of the database as a few hashes, so that a request that must change nothing is caught. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface Photograph {
  /** Accounts and tokens, but for when a token was last used. */
  readonly people: string;
  /** By the id of the space: its row, its access, its actors, its ops and its refusals. */
  readonly spaces: ReadonlyMap<string, string>;
}

/** A table that is not named here fails the fuzz, until somebody says whose rows it has. */
const PEOPLE = {
  account: 'SELECT * FROM account ORDER BY id',
  token: `SELECT id, secret, account, label, only_space, read_only, is_link, created_at, revoked_at
          FROM token ORDER BY id`,
};
const OF_SPACE = {
  space: 'SELECT id AS whose, * FROM space ORDER BY n',
  access: `SELECT id AS whose, access.* FROM access JOIN space ON n = access.space
           ORDER BY n, account`,
  actor: `SELECT space.id AS whose, actor.* FROM actor JOIN space ON space.n = actor.space
          ORDER BY actor.n`,
  op: 'SELECT space.id AS whose, op.* FROM op JOIN space ON space.n = op.space ORDER BY op.n',
  refusal: `SELECT space.id AS whose, refusal.* FROM refusal JOIN actor ON actor.n = refusal.actor
            JOIN space ON space.n = actor.space ORDER BY refusal.actor, refusal.clock`,
  gone: `SELECT space.id AS whose, gone.* FROM gone JOIN actor ON actor.n = gone.actor
         JOIN space ON space.n = actor.space ORDER BY gone.actor, gone.clock`,
  log_mark: `SELECT space.id AS whose, log_mark.* FROM log_mark JOIN space ON space.n = log_mark.space
             ORDER BY log_mark.space, seq`,
};
/** The server writes these by itself, whatever is asked. */
const OF_THE_SERVER = ['served_time', 'snapshot', 'snapshot_part'];

export interface Camera {
  shoot(): Photograph;
  close(): void;
}

export function openCamera(data: string): Camera {
  const db = new Database(join(data, 'offing.db'), { readonly: true });
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  const known = [...Object.keys(PEOPLE), ...Object.keys(OF_SPACE), ...OF_THE_SERVER].sort();
  if (tables.join() !== known.join())
    throw new Error(`tables ${tables.join()}: known ${known.join()}`);
  const people = Object.values(PEOPLE).map((sql) => db.prepare(sql));
  const ofSpace = Object.values(OF_SPACE).map((sql) => db.prepare<[], { whose: string }>(sql));
  let last: { readonly version: unknown; readonly photograph: Photograph } | undefined;

  function develop(): Photograph {
    const hash = createHash('sha256');
    for (const rows of people) hash.update(JSON.stringify(rows.all()));
    const bySpace = new Map<string, ReturnType<typeof createHash>>();
    for (const rows of ofSpace) {
      for (const row of rows.iterate()) {
        const own = bySpace.get(row.whose) ?? createHash('sha256');
        bySpace.set(row.whose, own.update(JSON.stringify(row)));
      }
    }
    const spaces = new Map([...bySpace].map(([id, own]) => [id, own.digest('hex')]));
    return { people: hash.digest('hex'), spaces };
  }

  return {
    shoot() {
      // Changes with every commit of another connection: most requests make none.
      const version = db.pragma('data_version', { simple: true });
      if (last && last.version === version) return last.photograph;
      const photograph = develop();
      last = { version, photograph };
      return photograph;
    },
    close: () => db.close(),
  };
}

/** Whose rows are others than before. */
export function changesBetween(before: Photograph, after: Photograph): ReadonlySet<string> {
  const ids = new Set([...before.spaces.keys(), ...after.spaces.keys()]);
  const changed = [...ids].filter((id) => before.spaces.get(id) !== after.spaces.get(id));
  return new Set(before.people === after.people ? changed : ['people', ...changed]);
}
