/** What a person should know without opening anything: offline, cannot save, update, new version. */
import { useState } from 'preact/hooks';
import type { Status } from '../../lib/index.ts';
import { connection, dismissConnection, joinAgain } from '../connect/join.ts';
import { db } from '../db.ts';
import { openSheet } from '../sheets.ts';
import { useOpenOnly, useStartFault } from '../start/start.ts';
import { attempt } from '../ui/attempt.ts';
import { ClockIcon, OfflineIcon, WarningIcon } from '../ui/icons.tsx';
import { useObserved } from '../ui/store.ts';
import { awayWords } from './away-words.ts';
import { offlineReason, waitingForYou } from './status-words.ts';
import { lostWords, storageFaultWords } from './storage-words.ts';
import { useNetwork } from './use-network.ts';
import { useClock } from './use-now.ts';

export function Banners({ hasLists }: { hasLists: boolean }) {
  const status = useObserved(db.status);
  const { phase } = status;
  const isUpdateReady = useObserved(db.update);
  const joining = useObserved(connection);
  const fault = useStartFault();
  const limits = useOpenOnly();
  const hasNetwork = useNetwork();
  const [isKnown, setKnown] = useState(false);
  return (
    <div class="banners">
      {fault && hasLists && (
        <p class="banner is-alert" role="alert" data-testid="start-banner">
          <WarningIcon />
          <span>
            The app did not start. Your lists are shown as they were; nothing can be saved now.
          </span>
          <button type="button" class="text-button" onClick={() => openSheet({ name: 'status' })}>
            Why?
          </button>
        </p>
      )}
      {limits?.notice && !isKnown && (
        <p class="banner" role="status" data-testid="open-only-banner">
          <WarningIcon />
          <span>{limits.notice}</span>
          <button type="button" class="text-button" onClick={() => openSheet({ name: 'status' })}>
            Why?
          </button>
          <button type="button" class="text-button" onClick={() => setKnown(true)}>
            Dismiss
          </button>
        </p>
      )}
      {phase === 'offline' && (
        <p class="banner" role="status" data-testid="offline-banner">
          <OfflineIcon />
          <span>
            {offlineReason(hasNetwork)} Changes are kept on this device and sent as soon as that can
            be done.
          </span>
        </p>
      )}
      {phase === 'storage-failed' && <StorageBanner fault={status.storageFault} />}
      {status.lost && <LostBanner lost={status.lost} account={status.account} />}
      {status.away && <AwayBanner away={status.away} />}
      {phase === 'needs-auth' && (
        <p class="banner is-alert" role="alert" data-testid="auth-banner">
          <WarningIcon />
          <span>The server no longer accepts this device. Your changes are kept here.</span>
          <button type="button" class="text-button" onClick={() => openSheet({ name: 'connect' })}>
            Connect again
          </button>
        </p>
      )}
      {phase === 'update-needed' && !isUpdateReady && (
        <p class="banner is-alert" role="alert">
          <WarningIcon />
          <span>
            This version of the app is too old for the server. Your changes are kept here.
          </span>
          <button type="button" class="text-button" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      )}
      <AttentionBanner waiting={waitingForYou(status)} />
      {isUpdateReady && (
        <p class="banner is-news" role="status" data-testid="update-banner">
          <span>A new version is ready.</span>
          <button type="button" class="text-button" onClick={() => db.update.apply()}>
            Reload
          </button>
        </p>
      )}
      {joining.state === 'failed' && !fault && (
        <p class="banner is-alert" role="alert" data-testid="connect-failed">
          <WarningIcon />
          <span>Not connected: {joining.why}</span>
          {joining.canRetry && (
            <button type="button" class="text-button" onClick={() => void joinAgain()}>
              Try again
            </button>
          )}
          <button type="button" class="text-button" onClick={dismissConnection}>
            Dismiss
          </button>
        </p>
      )}
      {joining.state === 'joining' && (
        <p class="banner" role="status">
          <span>Connecting this device…</span>
        </p>
      )}
    </div>
  );
}

function StorageBanner({ fault }: { fault: Status['storageFault'] }) {
  const { meaning, mayReload } = storageFaultWords(fault);
  return (
    <p class="banner is-alert" role="alert" data-testid="storage-banner">
      <WarningIcon />
      <span>{meaning}</span>
      {mayReload && (
        <button type="button" class="text-button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
    </p>
  );
}

interface LostBannerProps {
  readonly lost: NonNullable<Status['lost']>;
  readonly account: Status['account'];
}

function LostBanner({ lost, account }: LostBannerProps) {
  return (
    <p class="banner is-alert" role="alert" data-testid="lost-banner">
      <WarningIcon />
      <span>{lostWords(lost, account, useClock(lost))}</span>
      <button
        type="button"
        class="text-button"
        onClick={() => void attempt(db.lossSeen(), 'Not noted')}
      >
        Seen
      </button>
    </p>
  );
}

/** No alarm: nothing is lost. */
function AwayBanner({ away }: { away: NonNullable<Status['away']> }) {
  return (
    <p class="banner" role="status" data-testid="away-banner">
      <ClockIcon />
      <span>{awayWords(away, useClock(away))}</span>
      <button
        type="button"
        class="text-button"
        onClick={() => void attempt(db.awaySeen(), 'Not noted')}
      >
        Seen
      </button>
    </p>
  );
}

/** Put off, it comes back when there is more: the status says so in the meantime. */
function AttentionBanner({ waiting }: { waiting: number }) {
  const [putOff, setPutOff] = useState(0);
  // What was put off and then decided elsewhere does not hide what comes after it.
  if (waiting < putOff) setPutOff(waiting);
  if (waiting <= putOff) return null;
  return (
    <p class="banner" role="status" data-testid="attention-banner">
      <WarningIcon />
      <span>
        {waiting === 1
          ? '1 thing needs your decision. It is kept until then.'
          : `${waiting} things need your decision. They are kept until then.`}
      </span>
      <button type="button" class="text-button" onClick={() => openSheet({ name: 'attention' })}>
        Look…
      </button>
      <button type="button" class="text-button" onClick={() => setPutOff(waiting)}>
        Later
      </button>
    </p>
  );
}
