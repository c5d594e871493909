/** The browser's offer to install the app, kept until the person wants it. */
import { createStore } from '../ui/store.ts';
import { keepFromNowOn } from './keep.ts';

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Whether the app can be installed from here now. */
export const canInstall = createStore(false);
let offer: InstallPrompt | null = null;

export function listenForInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as InstallPrompt;
    canInstall.set(true);
  });
  addEventListener('appinstalled', () => {
    canInstall.set(false);
    keepFromNowOn();
  });
}

export async function install(): Promise<void> {
  const prompt = offer;
  offer = null;
  canInstall.set(false);
  await prompt?.prompt();
}
