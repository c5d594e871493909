/** What is behind the few words: where changes are, what they wait for, and what can be done. */
import { useState } from 'preact/hooks';
import type { Status } from '../../lib/index.ts';
import { db } from '../db.ts';
import { askToKeep } from '../install/keep.ts';
import { useLists } from '../lists/use-lists.ts';
import { closeSheet, openSheet } from '../sheets.ts';
import { OPEN_ONLY } from '../start/open-only.ts';
import { useOpenOnly, useStartFault } from '../start/start.ts';
import { attempt } from '../ui/attempt.ts';
import { Sheet } from '../ui/dialog.tsx';
import { useObserved } from '../ui/store.ts';
import { toast } from '../ui/toasts.tsx';
import { failureWords } from './failure-words.ts';
import { StartAnew } from './start-anew.tsx';
import { statusFacts } from './status-facts.ts';
import { statusWords, waitingForYou } from './status-words.ts';
import { useNetwork } from './use-network.ts';
import { useClock } from './use-now.ts';

export function StatusSheet() {
  const status = useObserved(db.status);
  const clock = useClock(status);
  const beside = { fault: useStartFault(), hasNetwork: useNetwork() };
  const words = statusWords(status, clock, beside);
  const lists = useLists();
  const nameOf = (space: string) => lists?.find(({ id }) => id === space)?.title;
  const facts = statusFacts(status, clock, nameOf);
  const limits = useOpenOnly();
  return (
    <Sheet title="Where your changes are" onClose={closeSheet}>
      <div class={`status-summary is-${words.tone}`}>
        <strong>{words.text}</strong>
        <p>{words.meaning}</p>
      </div>
      {waitingForYou(status) > 0 && (
        <button
          type="button"
          class="button is-primary"
          onClick={() => openSheet({ name: 'attention' })}
        >
          Look at what needs you…
        </button>
      )}
      {limits && status.phase !== 'storage-failed' && (
        <div class="status-limits" data-testid="open-only">
          <p>
            <strong>{OPEN_ONLY}</strong>
          </p>
          <p>
            {limits.why} {limits.remedy}
          </p>
        </div>
      )}
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(({ term, value, isAlert }) => (
            <div key={term} class={isAlert ? 'fact is-alert' : 'fact'}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div class="buttons">
        {buttonsFor(status)}
        {status.phase === 'storage-failed' && status.storageFault === 'failed' && <StartAnew />}
        {status.storage?.persisted === false && status.phase !== 'storage-failed' && (
          <button type="button" class="button" onClick={() => void askToKeep()}>
            Ask the browser to keep it
          </button>
        )}
      </div>
    </Sheet>
  );
}

function buttonsFor({ account, phase }: Status) {
  // Nobody has said yet whose device this is.
  if (phase === 'starting') return null;
  if (account === null) return <ConnectButton />;
  return phase === 'needs-auth' ? <SignInButton /> : <SyncButtons />;
}

/** The server may not have been reached, or not have taken it: who asked is told. */
async function syncNow(): Promise<void> {
  const { waiting } = await db.syncNow();
  if (waiting) toast({ text: `Not synced: ${failureWords(waiting)}.`, tone: 'alert' });
}

const ConnectButton = () => (
  <button type="button" class="button is-primary" onClick={() => openSheet({ name: 'connect' })}>
    Connect this device…
  </button>
);

const SignInButton = () => (
  <button type="button" class="button is-primary" onClick={() => openSheet({ name: 'connect' })}>
    Connect again…
  </button>
);

function SyncButtons() {
  const status = useObserved(db.status);
  const { phase } = status;
  // One button leads: what needs the person is above.
  const first = waitingForYou(status) > 0 ? 'button' : 'button is-primary';
  const [isAsking, setAsking] = useState(false);
  const ask = async (request: Promise<unknown>, what: string) => {
    setAsking(true);
    await attempt(request, what);
    setAsking(false);
  };
  const isPaused = phase === 'paused';
  return (
    <>
      {isPaused ? (
        <button
          type="button"
          class={first}
          disabled={isAsking}
          onClick={() => void ask(db.resume(), 'Not resumed')}
        >
          Resume syncing
        </button>
      ) : (
        <>
          <button
            type="button"
            class={first}
            disabled={isAsking}
            onClick={() => void ask(syncNow(), 'Not synced')}
          >
            {isAsking ? 'Syncing…' : 'Sync now'}
          </button>
          <button
            type="button"
            class="button"
            disabled={isAsking}
            onClick={() => void ask(db.pause(), 'Not paused')}
          >
            Pause syncing
          </button>
        </>
      )}
      <button type="button" class="button" onClick={() => openSheet({ name: 'connect' })}>
        Add another device…
      </button>
    </>
  );
}
