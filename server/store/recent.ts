/** What a memory of committed rows is made of: the entries used last, and when to forget them all. */
import type Database from 'better-sqlite3';

/** Entries of one kind; those that were used longest ago go first. */
const MOST_REMEMBERED = 50_000;

/** How often others have committed to this database; the connection's own commits do not count. */
export function createCommitCount(db: Database.Database): () => number {
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  return () => version.get() ?? 0;
}

/** Returns a check that runs `then` when the count has changed since the last one. */
export function whenChanged(count: () => number, then: () => void): () => void {
  let last = count();
  return () => {
    const now = count();
    if (now !== last) then();
    last = now;
  };
}

/** A map that holds the entries used last. */
export class Recent<Key, Value> {
  readonly #entries = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: Key, value: Value): void {
    // A map keeps the order of insertion: what is used goes to its end.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
