/** The same without snapshots: a new device gets the whole log. */
import { startWith } from './offing.server.mjs';

/** @type {import('./listen.mjs').StartServer} */
export const start = (around) => startWith(around, { snapshots: { every: 0 } });
