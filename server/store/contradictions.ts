/**
 * What rows say of each other, where no checksum covers them: each would make the server answer wrongly,
 * and none is seen by following the logs. Changes nothing.
 */
import type Database from 'better-sqlite3';

interface Invariant {
  readonly what: string;
  /** The ids of what it does not hold for. */
  readonly broken: string;
}

const ACTOR = `SELECT space.id || ' ' || actor.id FROM actor JOIN space ON space.n = actor.space`;

const INVARIANTS: readonly Invariant[] = [
  {
    what: 'an actor has a clock in its log that lies above its last',
    broken: `${ACTOR} WHERE last_clock < (SELECT max(clock) FROM op WHERE op.actor = actor.n)`,
  },
  {
    what: 'an actor has a refusal that lies above its last clock',
    broken: `${ACTOR} WHERE last_clock < (SELECT max(clock) FROM refusal WHERE refusal.actor = actor.n)`,
  },
  {
    what: 'an actor has the hash of an op that lies above its last clock',
    broken: `${ACTOR} WHERE last_clock < (SELECT max(clock) FROM gone WHERE gone.actor = actor.n)`,
  },
  {
    what: 'an actor has folded more than its log has',
    broken: `${ACTOR} WHERE cursor > head`,
  },
  {
    what: 'a space has dropped more than its log has',
    broken: 'SELECT id FROM space WHERE dropped > head',
  },
  {
    what: 'the epoch of a space began behind the end of its log',
    broken: 'SELECT id FROM space WHERE epoch_from > head',
  },
  {
    what: 'a space has no owner',
    broken: `SELECT id FROM space WHERE deleted_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM access WHERE access.space = space.n AND level = 'own')`,
  },
  {
    what: 'the home of an account is no space of its own',
    broken: `SELECT account.id FROM account WHERE NOT EXISTS (
      SELECT 1 FROM space JOIN access ON access.space = space.n
      WHERE space.id = home AND access.account = account.id)`,
  },
];

/** A line for each, with the ids that it is about. For a database of today's schema. */
export const contradictionsIn = (db: Database.Database): readonly string[] =>
  INVARIANTS.flatMap(({ what, broken }) =>
    db
      .prepare<[], string>(broken)
      .pluck()
      .all()
      .map((ids) => `${what}: ${ids}`),
  );
