/**
 * Where this device's database fails for good: to begin with an empty one. What was not sent is taken
 * out first; only where nothing can be read is that asked about once more.
 */
import { useState } from 'preact/hooks';
import { OffingError } from '../../lib/index.ts';
import { db } from '../db.ts';
import { reportFailure } from '../ui/attempt.ts';
import { takeFocus } from '../ui/take-focus.ts';
import { toast } from '../ui/toasts.tsx';

/** Not asked for yet; asked; and found to be unreadable. */
type Step = 'offered' | 'asked' | 'unread';

export function StartAnew() {
  const [step, setStep] = useState<Step>('offered');
  const [isAtWork, setAtWork] = useState(false);
  const begin = async () => {
    setAtWork(true);
    try {
      await db.startAnew({ evenUnread: step === 'unread' });
      setStep('offered');
      toast({ text: 'Begun anew on this device.' });
    } catch (error) {
      const isUnread = error instanceof OffingError && error.code === 'storage_failed';
      if (isUnread && step === 'asked') setStep('unread');
      else reportFailure('Not begun anew', error);
    }
    setAtWork(false);
  };
  if (step === 'offered')
    return (
      <button type="button" class="button" onClick={() => setStep('asked')}>
        Begin anew on this device…
      </button>
    );
  return (
    <div class="status-limits" role="group" aria-label="Begin anew">
      <p>{step === 'asked' ? ASKED : UNREAD}</p>
      <div class="buttons">
        <button
          key={step}
          type="button"
          class="button is-dangerous"
          ref={takeFocus}
          disabled={isAtWork}
          onClick={() => void begin()}
        >
          {step === 'asked' ? 'Begin anew' : 'Delete it and begin anew'}
        </button>
        <button type="button" class="button" disabled={isAtWork} onClick={() => setStep('offered')}>
          Cancel
        </button>
      </div>
    </div>
  );
}

const ASKED =
  'If a reload does not help, this empties what the app keeps in this browser. What was not sent is taken out first, for you to send again; what is on the server is fetched anew.';

const UNREAD =
  'What is kept here cannot be read. To begin anew deletes it all the same: what had not been sent from this device is lost.';
