/** The bar over everything: the way back, the status, the app's own menu. */
import { db } from './db.ts';
import { canInstall, install } from './install/install.ts';
import type { Route } from './route.ts';
import { openSheet } from './sheets.ts';
import { startFaultNow } from './start/start.ts';
import { StatusButton } from './status/status-button.tsx';
import { BackIcon, Logo } from './ui/icons.tsx';
import { Link } from './ui/link.tsx';
import { openMenu, type MenuEntry } from './ui/menu.tsx';

export function TopBar({ route }: { route: Route }) {
  return (
    <header class="top-bar">
      <Link
        to={{ name: 'lists' }}
        class={route.name === 'list' ? 'home-link has-back' : 'home-link'}
      >
        <BackIcon class="icon back-icon" />
        <Logo />
        <span class="app-name">Offing Lists</span>
        <span class="back-name">Lists</span>
      </Link>
      <StatusButton />
      <button
        type="button"
        class="icon-button more"
        aria-haspopup="menu"
        aria-label="Menu"
        onClick={(event) => openMenu(event.currentTarget, 'Offing Lists', appEntries())}
      />
    </header>
  );
}

const EXPORT: MenuEntry = {
  label: 'Export all…',
  run: () => openSheet({ name: 'export', listId: null }),
};
const DELETED: MenuEntry = {
  label: 'Deleted lists…',
  run: () => openSheet({ name: 'deleted-lists' }),
};
const STATUS: MenuEntry = { label: 'Status…', run: () => openSheet({ name: 'status' }) };
const HELP: MenuEntry = { label: 'Help', run: () => openSheet({ name: 'help' }) };

function appEntries(): MenuEntry[] {
  const { account, phase } = db.status.current;
  const isConnected = account !== null && phase !== 'needs-auth';
  // What cannot be done where the app did not start is not offered.
  if (startFaultNow()) return [EXPORT, STATUS, HELP];
  const entries: MenuEntry[] = [
    { label: 'Import…', run: () => openSheet({ name: 'import' }) },
    EXPORT,
    {
      label: isConnected ? 'Add another device…' : 'Connect this device…',
      run: () => openSheet({ name: 'connect' }),
    },
    DELETED,
    STATUS,
    HELP,
  ];
  if (canInstall.current) entries.unshift({ label: 'Install the app', run: () => void install() });
  return entries;
}
