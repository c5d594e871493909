/**
 * What the last exchanges found, so that a poll that brings nothing and learns nothing is answered
 * from memory. It is a memory of committed rows and no second truth: whoever commits to the database
 * beside this connection, such as a token command, makes it forget everything.
 */
import { EMPTY_DIGEST } from '../../core/index.ts';
import type { AccountId, ActorId, SpaceId } from '../../core/index.ts';
import type { Grant } from '../auth/reach.ts';
import type { Ask, Facts, StoredActor } from './port.ts';
import { Recent, whenChanged } from './recent.ts';
import type { FoundSpace } from './space-rows.ts';

export interface Remembered {
  /** What `ask` would find, if all of it is remembered. */
  factsOf(ask: Ask): Facts | undefined;
  /** What an exchange has left behind it, once that is committed. */
  note(ask: Ask, found: Standing): void;
  forget(): void;
  /** Something else than an exchange has changed the row of this space. */
  forgetSpace(space: SpaceId): void;
}

/** The rows of one ask after its exchange. */
export interface Standing {
  readonly space: FoundSpace;
  readonly grant: Grant | null;
  /** Absent where the actor has refusals to hear: those are looked up. */
  readonly actor: StoredActor | null;
}

export function createRemembered(commitsOfOthers: () => number): Remembered {
  const spaces = new Recent<SpaceId, FoundSpace>();
  const grants = new Recent<string, Grant>();
  const actors = new Recent<string, StoredActor>();
  const forget = (): void => [spaces, grants, actors].forEach((each) => each.clear());
  const forgetIfOthersWrote = whenChanged(commitsOfOthers, forget);

  return {
    factsOf({ space: id, account, actor: actorId, since, clocks }) {
      if (clocks.length > 0) return undefined;
      forgetIfOthersWrote();
      const space = spaces.get(id);
      const digestAtSince = space && digestKnownAt(space, since);
      const grant = grants.get(nameOf(id, account));
      const actor = actorId === null ? null : actors.get(nameOf(id, actorId));
      if (!space || digestAtSince === undefined || !grant || actor === undefined) return undefined;
      return { space, grant, actor, kept: new Map(), refused: [], digestAtSince };
    },
    note({ space: id, account, actor: actorId }, { space, grant, actor }) {
      spaces.set(id, space);
      if (grant) grants.set(nameOf(id, account), grant);
      if (actorId === null) return;
      if (actor) actors.set(nameOf(id, actorId), actor);
      else actors.delete(nameOf(id, actorId));
    },
    forget,
    forgetSpace: (id) => spaces.delete(id),
  };
}

const nameOf = (space: SpaceId, other: AccountId | ActorId): string => `${space} ${other}`;

/** The chain where the space's own row has it. */
function digestKnownAt(space: FoundSpace, seq: number): string | undefined {
  if (seq === 0) return EMPTY_DIGEST;
  if (seq === space.head) return space.digest;
  return seq === space.horizon ? space.horizonDigest : undefined;
}
