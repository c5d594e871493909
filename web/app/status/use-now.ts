/** The time, kept current for words that speak of ages. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Clock } from './status-words.ts';

const EVERY_MS = 15_000;

const timeOfDay = (ms: number): string =>
  new Date(ms).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

const day = (ms: number): string =>
  new Date(ms).toLocaleDateString(undefined, { day: 'numeric', month: 'long', year: 'numeric' });

/** Ticks now and then, and whenever one of the inputs is another one. */
export function useClock(...inputs: readonly unknown[]): Clock {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((count) => count + 1), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => ({ now: Date.now(), timeOfDay, day }), [tick, ...inputs]);
}
