/** Whether the app could start: watched once, told to whatever speaks of the state of things. */
import { OffingError } from '../../lib/index.ts';
import { db } from '../db.ts';
import { errorWords } from '../ui/error-words.ts';
import { createStore, useObserved } from '../ui/store.ts';
import { startFault, type StartFault } from './cannot-start.ts';

const fault = createStore<StartFault | null>(null);

export function watchStart(): void {
  db.ready.catch((error: unknown) => {
    const hasAnswered = error instanceof OffingError && error.code !== 'unreachable';
    const cause = error instanceof Error ? error.cause : null;
    fault.set(
      startFault({
        isSecure: globalThis.isSecureContext,
        hasServiceWorkers: 'serviceWorker' in navigator,
        answer: hasAnswered ? errorWords(error) : null,
        refusal: cause instanceof Error ? cause.name : null,
      }),
    );
  });
  // A later try may reach the worker: once it has spoken, the app has started after all.
  db.status.subscribe(({ phase }) => {
    if (phase !== 'starting') fault.set(null);
  });
}

export const startFaultNow = (): StartFault | null => fault.current;
export const useStartFault = (): StartFault | null => useObserved(fault);
