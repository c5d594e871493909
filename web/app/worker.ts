/** The app's whole service worker. */
import { appShell, type ShellEntry } from '../../sw/host/app-shell.ts';
import { startWorker } from '../../sw/host/worker.ts';

/** The build puts the list of the app's files here. */
declare const self: { readonly __WB_MANIFEST: readonly ShellEntry[] };

startWorker({ shell: appShell(self.__WB_MANIFEST) });
