/** How the app started: watched once, told to whatever speaks of the state of things. */
import { OffingError } from '../../lib/index.ts';
import { db } from '../db.ts';
import { errorWords } from '../ui/error-words.ts';
import { createStore, useObserved } from '../ui/store.ts';
import { startFault, type StartFault } from './cannot-start.ts';
import { openOnly, type OpenOnly } from './open-only.ts';

const fault = createStore<StartFault | null>(null);

export function watchStart(): void {
  db.ready.catch((error: unknown) => {
    const hasAnswered = error instanceof OffingError && error.code !== 'unreachable';
    fault.set(startFault(hasAnswered ? errorWords(error) : null));
  });
  // A later try may succeed: once the host has spoken, the app has started after all.
  db.status.subscribe(({ phase }) => {
    if (phase !== 'starting') fault.set(null);
  });
}

export const startFaultNow = (): StartFault | null => fault.current;
export const useStartFault = (): StartFault | null => useObserved(fault);

/** What works only while the app is open, or null. */
export function useOpenOnly(): OpenOnly | null {
  const place = useObserved(db.host);
  return openOnly({
    place,
    isSecure: globalThis.isSecureContext,
    hasServiceWorkers: 'serviceWorker' in navigator,
  });
}
