/** Resolves that several tabs may ask for, each not knowing of the others: the first is accepted. */
import { conflictsNamed, type SpaceId } from '../../core/index.ts';
import { HostError } from './host-error.ts';
import type { CheckedOp } from './check-write.ts';
import type { PlanContext } from './plan-write.ts';

/** Throws HostError `already_resolved`. The draft has read the conflicts that `ops` of this space name. */
export async function checkOnce(
  { tx, draft, resolving }: PlanContext,
  space: SpaceId,
  ops: readonly CheckedOp[],
): Promise<void> {
  const named = conflictsNamed(ops.filter(({ once }) => once));
  if (named.size === 0) return;
  const conflictOf = draft.conflictsOf(space);
  const resolved = await tx.resolvedHere();
  for (const key of named) {
    if (!conflictOf(key)?.open || resolved.has(key) || resolving.has(key))
      throw new HostError('already_resolved', 'This conflict is closed, or resolved here already.');
  }
}
