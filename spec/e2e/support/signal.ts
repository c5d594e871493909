/** A promise together with what settles it. */
export interface Signal<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function signal<T>(): Signal<T> {
  let settle: Pick<Signal<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits for it hears of a failure; it may come before anyone does.
  promise.catch(() => undefined);
  return { promise, ...settle } as Signal<T>;
}
