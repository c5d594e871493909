/** The rows of actors: their last clock, their cursor, and the refusals they may not have heard. */
import type Database from 'better-sqlite3';
import { asClock, asSeq } from '../../core/index.ts';
import type { AccountId, ActorId, Clock, Refused } from '../../core/index.ts';
import type { Kept, RefusedRow, StoredActor } from './port.ts';
import { digestBytes, digestText } from './space-rows.ts';

interface ActorRow {
  n: number;
  account: AccountId;
  last_clock: number;
  cursor: number | null;
  pushed_from: number;
  seen: number;
}

interface LoggedRow {
  base: number;
  at: number;
  v: number;
  key: string | null;
  hash: Buffer;
  payload: string;
}

interface RefusalRow {
  clock: number;
  code: string;
  bound: number | null;
}

export interface FoundActor extends StoredActor {
  readonly n: number;
}

export interface ActorRows {
  find(space: number, id: ActorId): FoundActor | null;
  /** `found`: its row, where there is one. */
  put(space: number, id: ActorId, actor: StoredActor, found: FoundActor | null): FoundActor;
  refused(actor: FoundActor): readonly Refused[];
  refuse(actor: FoundActor, row: RefusedRow): void;
  forgetBelow(actor: FoundActor, clock: Clock): void;
  /** What is kept for these clocks; nothing for a void one. */
  kept(actor: FoundActor, clocks: readonly Clock[]): ReadonlyMap<Clock, Kept>;
}

export function createActorRows(db: Database.Database): ActorRows {
  const find = db.prepare<[number, string], ActorRow>(
    'SELECT * FROM actor WHERE space = ? AND id = ?',
  );
  const insert = db.prepare<[number, string, string, number, number | null, number, number]>(
    `INSERT INTO actor (space, id, account, last_clock, cursor, pushed_from, seen)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare<[number, number | null, number, number, number]>(
    'UPDATE actor SET last_clock = ?, cursor = ?, pushed_from = ?, seen = ? WHERE n = ?',
  );
  const heard = db.prepare<[number, number]>('DELETE FROM gone WHERE actor = ? AND clock < ?');
  const refused = db.prepare<[number], RefusalRow>(
    'SELECT clock, code, bound FROM refusal WHERE actor = ? ORDER BY clock',
  );
  const refuse = db.prepare<[number, number, string, number | null, Buffer]>(
    'INSERT INTO refusal (actor, clock, code, bound, hash) VALUES (?, ?, ?, ?, ?)',
  );
  const forget = db.prepare<[number, number]>('DELETE FROM refusal WHERE actor = ? AND clock < ?');
  const inLog = db.prepare<[number, number], LoggedRow>(
    'SELECT base, at, v, key, hash, payload FROM op WHERE actor = ? AND clock = ?',
  );
  const inGone = db
    .prepare<[number, number], Buffer>('SELECT hash FROM gone WHERE actor = ? AND clock = ?')
    .pluck();
  const inRefusals = db
    .prepare<[number, number], Buffer>('SELECT hash FROM refusal WHERE actor = ? AND clock = ?')
    .pluck();

  function kept(actor: FoundActor, clock: Clock): Kept | null {
    const logged = inLog.get(actor.n, clock);
    if (logged) return keptOf(clock, logged);
    const gone = inGone.get(actor.n, clock);
    if (gone) return { isInLog: true, hash: digestText(gone) };
    const hash = inRefusals.get(actor.n, clock);
    return hash ? { isInLog: false, hash: digestText(hash) } : null;
  }

  return {
    find(space, id) {
      const row = find.get(space, id);
      return row ? asFound(row) : null;
    },
    put(space, id, actor, found) {
      const { account, last, cursor, pushedFrom, seen } = actor;
      if (!found) {
        const made = insert.run(space, id, account, last, cursor, pushedFrom, seen);
        return { ...actor, n: Number(made.lastInsertRowid) };
      }
      update.run(last, cursor, pushedFrom, seen, found.n);
      heard.run(found.n, pushedFrom);
      return { ...found, last, cursor, pushedFrom, seen };
    },
    refused: (actor) => refused.all(actor.n).map(asRefused),
    refuse: (actor, { clock, code, limit, hash }) => {
      refuse.run(actor.n, clock, code, limit ?? null, digestBytes(hash));
    },
    forgetBelow: (actor, clock) => {
      forget.run(actor.n, clock);
    },
    kept(actor, clocks) {
      const found = new Map<Clock, Kept>();
      for (const clock of clocks) {
        const former = clock <= actor.last ? kept(actor, clock) : null;
        if (former) found.set(clock, former);
      }
      return found;
    },
  };
}

const asFound = (row: ActorRow): FoundActor => ({
  n: row.n,
  account: row.account,
  last: asClock(row.last_clock),
  cursor: row.cursor === null ? null : asSeq(row.cursor),
  pushedFrom: asClock(row.pushed_from),
  seen: row.seen,
});

function keptOf(clock: Clock, { hash, key, base, ...rest }: LoggedRow): Kept {
  if (hash.length > 0) return { isInLog: true, hash: digestText(hash) };
  const op = { ...rest, clock, base: asSeq(base) };
  return { isInLog: true, op: key === null ? op : { ...op, key } };
}

const asRefused = ({ clock, code, bound }: RefusalRow): Refused =>
  bound === null ? { clock: asClock(clock), code } : { clock: asClock(clock), code, limit: bound };
