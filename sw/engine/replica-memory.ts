/**
 * Keeps outside of the replica that there is one and how much is in it alone, and what went with one
 * that the browser lost. Counting costs a write to the disk: of a burst of edits the first is counted
 * at once, and the last a moment later.
 */
import { isUrgent, type Marked, type ReplicaMark } from '../../core/index.ts';
import { StorageError, type Ports } from './ports.ts';

const COUNT_EVERY_MS = 2_000;

/** Returns what keeps a mark that differs from `before`; `recount` is called where one was left out. */
export function createReplicaMemory({ session, clock }: Ports, recount: () => void) {
  let isPausing = false;
  let isLeftOut = false;

  async function pause(): Promise<void> {
    isPausing = true;
    await clock.wait(COUNT_EVERY_MS);
    isPausing = false;
    if (isLeftOut) recount();
    isLeftOut = false;
  }

  return async (marked: Marked, before: ReplicaMark | undefined): Promise<void> => {
    if (isPausing && !isUrgent(marked, before)) {
      isLeftOut = true;
      return;
    }
    const { mark, lost } = marked;
    try {
      await session.save({ ...(mark && { replica: mark }), ...(lost && { lost }) });
    } catch (error) {
      // Without room for it now, it is looked at again with the next status.
      if (!(error instanceof StorageError)) throw error;
    }
    if (!isPausing) void pause();
  };
}
