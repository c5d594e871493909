/** Ends a device's worker as a browser may at any instant: at once, whatever it has under way. */
import type { BrowserContext, Page } from '@playwright/test';

/**
 * Returns what stops it; that resolves when it has stopped. Whoever asks it next starts it again.
 * Record no trace meanwhile: that keeps the browser's inspector inside the very worker that it is
 * told to stop, and Chromium then sometimes stops itself.
 */
export async function workerStopper({
  context,
  page,
}: {
  context: BrowserContext;
  page: Page;
}): Promise<() => Promise<void>> {
  const cdp = await context.newCDPSession(page);
  let hasStopped: () => void = () => {};
  cdp.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) hasStopped();
  });
  await cdp.send('ServiceWorker.enable');
  return async () => {
    const stopped = new Promise<void>((done) => (hasStopped = done));
    await cdp.send('ServiceWorker.stopAllWorkers');
    await stopped;
  };
}
