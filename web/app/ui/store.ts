/** A value that components can follow; the same shape as the library's observed values. */
import { useEffect, useState } from 'preact/hooks';

export interface Observed<T> {
  readonly current: T;
  subscribe(fn: (value: T) => void): () => void;
}

export interface Store<T> extends Observed<T> {
  set(value: T): void;
}

export function createStore<T>(initial: T): Store<T> {
  const followers = new Set<(value: T) => void>();
  let current = initial;
  return {
    get current() {
      return current;
    },
    set(value) {
      current = value;
      for (const follower of followers) follower(value);
    },
    subscribe(fn) {
      followers.add(fn);
      fn(current);
      return () => followers.delete(fn);
    },
  };
}

export function useObserved<T>(observed: Observed<T>): T {
  const [value, setValue] = useState<T>(observed.current);
  // A function as state would be called: hence the wrapping.
  useEffect(() => observed.subscribe((next) => setValue(() => next)), [observed]);
  return value;
}
