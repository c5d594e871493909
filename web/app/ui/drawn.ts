/** When something has come to the screen. */

/** In a window that nobody sees no frame comes. */
const NO_FRAME_MS = 500;

/** Resolves when the next frame has been drawn. */
export const nextDrawn = (): Promise<void> =>
  new Promise((done) => {
    // In that frame it is still to be drawn: a task later that is over.
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, NO_FRAME_MS);
  });
