/** Values and events that others listen to: each listener gets its own way out. */
import type { Observed, Unsubscribe } from './api.ts';

export interface Source<T> extends Observed<T> {
  set(value: T): void;
}

export function createObserved<T>(initial: T): Source<T> {
  const changes = createEvents<T>();
  let current = initial;
  return {
    get current() {
      return current;
    },
    set(value) {
      current = value;
      changes.emit(value);
    },
    subscribe(fn) {
      const unsubscribe = changes.subscribe(fn);
      fn(current);
      return unsubscribe;
    },
  };
}

export interface Events<T> {
  emit(value: T): void;
  subscribe(fn: (value: T) => void): Unsubscribe;
}

export function createEvents<T>(): Events<T> {
  const listeners = new Set<{ readonly fn: (value: T) => void }>();
  return {
    emit(value) {
      // Whoever comes while this one goes round is told the next time.
      for (const { fn } of Array.from(listeners)) fn(value);
    },
    subscribe(fn) {
      // An object of its own, so that the same function may listen twice.
      const listener = { fn };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
