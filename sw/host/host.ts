/** The engine with a worker's ports: Dexie, fetch, Web Locks, and the pages as its audience. */
import { createEngine, type Engine } from '../engine/create-engine.ts';
import { createDexieStore } from '../adapters/dexie-store.ts';
import { createHttpTransport } from '../adapters/http-transport.ts';
import { createIdbSession } from '../adapters/idb-session.ts';
import { systemClock, systemRandom, systemSha256, webLocks } from '../adapters/platform.ts';
import { createBell } from './bell.ts';
import { tellPages } from './tell-pages.ts';

export interface Host {
  readonly engine: Engine;
}

export function createHost(scope: ServiceWorkerGlobalScope): Host {
  const session = createIdbSession({ clock: systemClock, random: systemRandom });
  const bell = createBell(scope, () => engine.drain({ force: true }));
  const engine = createEngine({
    clock: systemClock,
    random: systemRandom,
    sha256: systemSha256,
    session,
    store: createDexieStore({ session }),
    transport: createHttpTransport(),
    broadcast: tellPages(scope),
    locks: webLocks('offing'),
    bell,
  });
  return { engine };
}
