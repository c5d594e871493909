/**
 * One run at a time, and one more for all who ask meanwhile: a thousand writes in a burst need one
 * word to the pages and one drain, not a thousand. A call that comes during a run is served by a run
 * that begins after it, so it never gets an answer from before its time.
 */
export function coalesce<T>(run: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  const start = (): Promise<T> => {
    const current = run().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  };

  return () => {
    // Between the end of a run and the start of the next, that next one is still the one to share.
    if (!running && !next) return start();
    const after = () => {
      next = undefined;
      return start();
    };
    next ??= (running ?? Promise.resolve()).then(after, after);
    return next;
  };
}
