/**
 * A live edit gets its clock in the transaction that accepts it: one commit less on its way to the
 * server. Only what is sent in that moment all the same, as far as can be known; anything else is sealed
 * when it is about to leave (next-ops.ts), and what does not get through after all waits sealed, as it
 * would after that.
 */
import { lastClockOf, seal } from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { PlannedRow } from './plan-write.ts';
import type { Session, SpaceRow } from './ports.ts';

/** The plan of a write that is alone in its commit. */
export function sealedAtOnce(
  draft: Draft,
  session: Session,
  plan: readonly PlannedRow[],
): readonly PlannedRow[] {
  const [only, another] = plan;
  const space = only && draft.space(only.row.space);
  if (!space || another || !isOnline(session) || !isAtRest(space) || only.row.typing) return plan;
  const row = seal(only.row, space.progress.sealed, space.epoch);
  const sealed = lastClockOf(row) ?? space.progress.sealed;
  draft.putSpace({ ...space, progress: { ...space.progress, sealed } });
  return [{ ...only, row }];
}

const isOnline = ({ connection, paused, authFailed, retry }: Session): boolean =>
  connection !== undefined && !paused && !authFailed && retry === undefined;

/** Nothing of it waits before this, nor is anything to happen to what is sent. */
const isAtRest = ({ pending, epoch, trouble, turn, filling, pullOnlyUntil }: SpaceRow): boolean =>
  pending === 0 &&
  epoch !== undefined &&
  (trouble ?? turn ?? filling ?? pullOnlyUntil) === undefined;
