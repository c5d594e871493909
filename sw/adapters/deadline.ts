/** A time-out that can be put off: for what may last, as long as it gets on. */

export interface Deadline {
  /** Aborted with a TimeoutError when it is over. */
  readonly signal: AbortSignal;
  /** Begins the time anew. */
  putOff(): void;
  /** It will not come any more. */
  stop(): void;
}

export function startDeadline(ms: number): Deadline {
  const abort = new AbortController();
  const over = () => abort.abort(new DOMException('no progress', 'TimeoutError'));
  let timer = setTimeout(over, ms);
  return {
    signal: abort.signal,
    putOff() {
      clearTimeout(timer);
      timer = setTimeout(over, ms);
    },
    stop: () => clearTimeout(timer),
  };
}
