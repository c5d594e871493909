/** What a memory of committed rows is made of: the entries used last, and when to forget them all. */
import type Database from 'better-sqlite3';

/** So many of one kind are remembered for certain, and at most twice as many. */
const REMEMBERED = 25_000;

/** In ms. */
const KNOWN_FOR = 1;

/**
 * How often others have committed to this database; the connection's own commits do not count. Looked
 * up once in a turn of the event loop, or in a millisecond: what is asked because of a commit of another's
 * comes later than that.
 */
export function createCommitCount(db: Database.Database): () => number {
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  let known = 0;
  let until = -Infinity;
  return () => {
    const now = performance.now();
    if (now < until) return known;
    // A turn that begins in its last phase goes on through the next: hence the time as well.
    setImmediate(() => (until = -Infinity));
    until = now + KNOWN_FOR;
    return (known = version.get() ?? 0);
  };
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

/** A map that holds the entries used last: those of this generation, and of the one before it. */
export class Recent<Key, Value> {
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const former = this.#old.get(key);
    if (former !== undefined) this.set(key, former);
    return former;
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value);
    if (this.#young.size < REMEMBERED) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
