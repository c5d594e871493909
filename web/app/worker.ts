/** The app's whole service worker. */
import { startWorker, type WorkerOptions } from '../../sw/host/worker.ts';

/** The build puts the list of the app's files here. */
declare const self: { readonly __WB_MANIFEST: NonNullable<WorkerOptions['precache']> };

startWorker({ precache: self.__WB_MANIFEST });
