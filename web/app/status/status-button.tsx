/** The few words that are always on the screen. */
import type { ComponentType } from 'preact';
import { db } from '../db.ts';
import { openSheet } from '../sheets.ts';
import { useStartFault } from '../start/start.ts';
import * as icons from '../ui/icons.tsx';
import { useObserved } from '../ui/store.ts';
import { statusWords, type StatusIcon } from './status-words.ts';
import { useNetwork } from './use-network.ts';
import { useClock } from './use-now.ts';

const ICONS: Readonly<Record<StatusIcon, ComponentType<{ class?: string }>>> = {
  device: icons.DeviceIcon,
  server: icons.ServerIcon,
  sending: icons.SendingIcon,
  offline: icons.OfflineIcon,
  clock: icons.ClockIcon,
  pause: icons.PauseIcon,
  warning: icons.WarningIcon,
};

export function StatusButton() {
  const status = useObserved(db.status);
  const beside = { fault: useStartFault(), hasNetwork: useNetwork() };
  const { tone, icon, text } = statusWords(status, useClock(status), beside);
  const Icon = ICONS[icon];
  return (
    <button
      type="button"
      class={`status-button is-${tone}`}
      aria-label={`Status: ${text}`}
      aria-haspopup="dialog"
      onClick={() => openSheet({ name: 'status' })}
    >
      <Icon />
      <span class="status-text" data-testid="status" data-phase={status.phase}>
        {text}
      </span>
    </button>
  );
}
