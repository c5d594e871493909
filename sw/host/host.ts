/** The engine with a worker's ports: Dexie, fetch, Web Locks, and the pages as its audience. */
import { createEngine, type Engine } from '../engine/create-engine.ts';
import { beginNewLog } from '../adapters/begin-new-log.ts';
import { browserStorage } from '../adapters/browser-storage.ts';
import { createDexieStore } from '../adapters/dexie-store.ts';
import { createHttpTransport } from '../adapters/http-transport.ts';
import { createIdbSession } from '../adapters/idb-session.ts';
import { deviceLocks } from '../adapters/locks.ts';
import { systemClock, systemRandom } from '../adapters/platform.ts';
import { sha256 } from '../adapters/sha256.ts';
import { createBell } from './bell.ts';
import { tellPages } from './tell-pages.ts';

export interface Host {
  readonly engine: Engine;
}

export function createHost(scope: ServiceWorkerGlobalScope): Host {
  void beginNewLog();
  const chance = { clock: systemClock, random: systemRandom };
  const session = createIdbSession({ ...chance, remembers: true });
  const bell = createBell(scope, () => engine.answerBell());
  const engine = createEngine({
    ...chance,
    sha256,
    session,
    store: createDexieStore({ session }),
    transport: createHttpTransport(),
    broadcast: tellPages(scope),
    locks: deviceLocks('offing'),
    bell,
    storage: browserStorage,
  });
  return { engine };
}
