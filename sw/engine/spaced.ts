/**
 * Of what is asked for again and again, the first is done at once and the last a moment later: what
 * comes in between is covered by that one. Nobody waits for the later one; it fails in silence.
 */
import type { ClockPort } from './ports.ts';

const MOMENT_MS = 50;

/** Returns what does `run` so. */
export function spaced(
  clock: Pick<ClockPort, 'wait'>,
  run: () => Promise<unknown>,
): () => Promise<void> {
  let isPausing = false;
  let isLeftOut = false;

  async function pause(): Promise<void> {
    isPausing = true;
    await clock.wait(MOMENT_MS);
    while (isLeftOut) {
      isLeftOut = false;
      await run().catch(() => undefined);
      await clock.wait(MOMENT_MS);
    }
    isPausing = false;
  }

  return async () => {
    if (isPausing) {
      isLeftOut = true;
      return;
    }
    void pause();
    await run();
  };
}
