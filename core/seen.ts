/** What an op's author had seen when they wrote: the one question on which every merge turns. */
import type { ActorId, Seq } from './ids.ts';
import type { Was } from './payload.ts';
import type { Stamp } from './record.ts';

/** Where an op stands among others: whose it is, and how far its author had read. */
export interface Author {
  readonly actor: ActorId;
  readonly base: Seq;
  readonly was: readonly Was[];
}

/**
 * Whether the author had seen what `stamp` marks: it lies at or below their base, or it is their
 * own, under this identity or one that it had before a fork. All else is concurrent.
 */
export function hadSeen(author: Author, stamp: Stamp): boolean {
  return (
    stamp.seq <= author.base ||
    stamp.actor === author.actor ||
    author.was.some((was) => was.actor === stamp.actor && stamp.clock <= was.clock)
  );
}
