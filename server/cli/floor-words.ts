/** What holds a log where it is, for the person at the command line. */
import type { ActorId } from '../../core/index.ts';
import { DAY_MS } from '../log/retention.ts';
import type { Floor, RetentionRules } from '../log/retention.ts';
import type { RetentionFacts } from '../store/retention-port.ts';

/** Days in which a server ran, rounded up. */
export const daysOf = (ms: number): string => {
  const days = Math.ceil(ms / DAY_MS);
  return `${days} ${days === 1 ? 'day' : 'days'}`;
};

/** `nameOf`: of the account that an actor belongs to. */
export function wordsOf(
  floor: Floor,
  { served }: RetentionFacts,
  { keepMs }: RetentionRules,
  nameOf: (actor: ActorId) => string | undefined,
): string {
  switch (floor.by) {
    case 'rules':
      return 'it is kept for ever';
    case 'age': {
      const { next } = floor;
      if (next === null || keepMs === null) return 'nothing in it is old enough';
      return `the next of it is old enough in ${daysOf(keepMs - (served - next.served))}`;
    }
    case 'follower': {
      const { actor, cursor, seen } = floor.follower;
      const whose = nameOf(actor) ?? 'nobody known';
      return `held by ${actor} of ${whose}, at ${cursor}, last seen ${daysOf(served - seen)} ago`;
    }
    case 'snapshot':
      return 'held by its snapshots: the one before the newest has to cover what goes';
    case 'damage':
      return 'held by a snapshot that is damaged: a server makes it again, and then it may go';
  }
}
