/** Whose is what, for the operator's commands. */
import type Database from 'better-sqlite3';
import type { ActorId, SpaceId } from '../../core/index.ts';

export interface Directory {
  /** Every space, deleted ones too, in the order of their making. */
  spaces(): readonly SpaceId[];
  /** The name of the account that an actor belongs to. */
  nameOf(space: SpaceId, actor: ActorId): string | undefined;
  /** The name of the account that made a space. */
  ownerOf(space: SpaceId): string | undefined;
}

export function createDirectory(db: Database.Database): Directory {
  const spaces = db.prepare<[], SpaceId>('SELECT id FROM space ORDER BY n').pluck();
  const nameOf = db
    .prepare<[string, string], string>(
      `SELECT account.name FROM actor
       JOIN space ON space.n = actor.space JOIN account ON account.id = actor.account
       WHERE space.id = ? AND actor.id = ?`,
    )
    .pluck();
  const ownerOf = db
    .prepare<[string], string>(
      `SELECT account.name FROM access
       JOIN space ON space.n = access.space JOIN account ON account.id = access.account
       WHERE space.id = ? AND level = 'own' ORDER BY account.name`,
    )
    .pluck();
  return {
    spaces: () => spaces.all(),
    nameOf: (space, actor) => nameOf.get(space, actor),
    ownerOf: (space) => ownerOf.get(space),
  };
}
