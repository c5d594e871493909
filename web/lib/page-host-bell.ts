/**
 * The bell of a page: as long as something waits here it tries again, also while the page is hidden
 * and no poll rings. With the page closed there is nothing that could ring.
 */
import type { Engine } from '../../sw/engine/create-engine.ts';
import type { Bell } from '../../sw/engine/ports.ts';
import type { Unsubscribe } from './api.ts';
import type { Environment } from './environment.ts';

/** The slowest that a visible page polls. */
export const TRY_AGAIN_AFTER_MS = 15_000;

export function createPageBell(
  environment: Environment,
  engine: () => Pick<Engine, 'drain' | 'status'>,
): Bell & { stop(): void } {
  let cancel: Unsubscribe | null = null;
  let isStopped = false;

  function arm(): void {
    if (isStopped || cancel) return;
    cancel = environment.after(TRY_AGAIN_AFTER_MS, () => {
      cancel = null;
      tryAgain().then((isLeft) => isLeft && arm(), environment.report);
    });
  }

  async function tryAgain(): Promise<boolean> {
    // Not forced: a server that asked for patience has it. A storage that fails may do later.
    await engine()
      .drain({ force: false })
      .catch(() => undefined);
    const { pending, account, phase } = await engine().status();
    return pending > 0 && account !== null && phase !== 'paused' && phase !== 'needs-auth';
  }

  return {
    worksWhenClosed: false,
    async ring() {
      arm();
    },
    stop() {
      isStopped = true;
      cancel?.();
      cancel = null;
    },
  };
}
