/**
 * Group commit. A durable commit costs the same however much is in it, so what comes while the event
 * loop takes in requests shares the next one: under load groups grow by themselves, and a lone
 * request waits for nobody.
 *
 *   run(a) run(b) run(c) ──► BEGIN  a │ b │ c  COMMIT ──► a, b and c are told
 *
 * Each work has a savepoint of its own, so what goes wrong in one undoes that one alone, and nobody
 * is told anything before the commit.
 */
import type Database from 'better-sqlite3';
import type { Observer } from '../observer.ts';
import { asFault } from './database.ts';
import { StorageFailingError, StorageRefusedError, StorageFullError } from './faults.ts';

/** More than these wait for the commit after: the event loop stands still meanwhile. */
export const MOST_TOGETHER = 256;

export interface GroupCommit {
  /**
   * Runs `work`, which must be synchronous, in a transaction that it may share. Resolves with its
   * result when that is durable; rejects with what it threw, or with the fault that undid it. It may
   * be run again where the first transaction was lost with another's fault.
   */
  run<T>(work: () => T): Promise<T>;
  /**
   * Whether the disk takes anything: rejects with why not. Nothing is tried as long as the last work that
   * failed did not fail for that reason; then `probe`, a write, is.
   */
  writable(probe: () => unknown): Promise<void>;
}

interface Member {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (fault: unknown) => void;
}

type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fault: unknown };

export interface GroupOptions {
  readonly most?: number | undefined;
  readonly observer?: Pick<Observer, 'commit'> | undefined;
}

export function createGroupCommit(
  db: Database.Database,
  { most = MOST_TOGETHER, observer }: GroupOptions = {},
): GroupCommit {
  // Immediate, though many a work only reads: a transaction that begins by reading cannot become a
  // writer if a token command has committed meanwhile, however long it would wait.
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const mark = db.prepare('SAVEPOINT member');
  const unmark = db.prepare('RELEASE member');
  const backToMark = db.prepare('ROLLBACK TO member');
  const waiting: Member[] = [];
  /** A work was refused by the disk, and nothing was tried since. */
  let isRefused = false;

  function flush(): void {
    const group = waiting.splice(0, most);
    if (waiting.length > 0) setImmediate(flush);
    const begun = performance.now();
    const outcomes = (group.length > 1 && together(group)) || group.map(alone);
    observer?.commit({ members: group.length, ms: performance.now() - begun });
    isRefused ||= outcomes.some((outcome) => !outcome.ok && isOfDisk(outcome.fault));
    for (const [i, outcome] of outcomes.entries()) tell(group[i], outcome);
  }

  /** All in one transaction; undefined if that was lost as a whole, and nothing of it is there. */
  function together(group: readonly Member[]): readonly Outcome[] | undefined {
    try {
      begin.run();
    } catch (error) {
      // Somebody else holds the database. One has waited for it: the others need not do so again.
      return group.map(() => ({ ok: false, fault: asFault(error) }));
    }
    try {
      const outcomes = group.map(inSavepoint);
      commit.run();
      return outcomes;
    } catch {
      if (db.inTransaction) rollback.run();
      return undefined;
    }
  }

  function inSavepoint({ work }: Member): Outcome {
    mark.run();
    try {
      const value = work();
      unmark.run();
      return { ok: true, value };
    } catch (error) {
      // A full disk may take the whole transaction with it, and with it what others did.
      if (!db.inTransaction) throw error;
      backToMark.run();
      unmark.run();
      return { ok: false, fault: asFault(error) };
    }
  }

  /** In a transaction of its own, so that who is too much for the disk fails by itself. */
  function alone({ work }: Member): Outcome {
    try {
      begin.run();
      const value = work();
      commit.run();
      return { ok: true, value };
    } catch (error) {
      if (db.inTransaction) rollback.run();
      return { ok: false, fault: asFault(error) };
    }
  }

  const run = <T>(work: () => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ work, resolve, reject });
    });

  return {
    run,
    async writable(probe) {
      if (!isRefused) return;
      // Before it is tried: a work that is refused meanwhile counts.
      isRefused = false;
      await run(probe).catch((error: unknown) => {
        isRefused = true;
        throw error;
      });
    },
  };
}

/** Not that somebody else has the database for a while. */
const isOfDisk = (fault: unknown): boolean =>
  fault instanceof StorageFullError ||
  fault instanceof StorageRefusedError ||
  fault instanceof StorageFailingError;

function tell(member: Member | undefined, outcome: Outcome): void {
  if (outcome.ok) member?.resolve(outcome.value as never);
  else member?.reject(outcome.fault);
}
