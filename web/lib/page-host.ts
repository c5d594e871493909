/**
 * The host in the page, where there is no worker: the same engine over the same database, one in each
 * tab. A tab accepts its own writes, so no request ever crosses from tab to tab, and a tab that is
 * frozen or closed keeps no other from writing; only draining is for one at a time, under the lock
 * that a worker takes too. Loaded only where it is needed.
 */
import { deviceLocks } from '../../sw/adapters/locks.ts';
import { beginNewLog } from '../../sw/adapters/begin-new-log.ts';
import { browserStorage } from '../../sw/adapters/browser-storage.ts';
import { createDexieStore } from '../../sw/adapters/dexie-store.ts';
import { createHttpTransport } from '../../sw/adapters/http-transport.ts';
import { createIdbSession } from '../../sw/adapters/idb-session.ts';
import { systemRandom } from '../../sw/adapters/platform.ts';
import { sha256 } from '../../sw/adapters/sha256.ts';
import { answer } from '../../sw/engine/answer.ts';
import { createEngine } from '../../sw/engine/create-engine.ts';
import type { ClockPort } from '../../sw/engine/ports.ts';
import { noAnswer, notPlainData } from './door.ts';
import type { Environment } from './environment.ts';
import type { Host } from './host.ts';
import type { Notices } from './notices.ts';
import { createPageBell } from './page-host-bell.ts';
import { hushable } from './page-host-transport.ts';
import { createPatience } from './patience.ts';

export interface PageHostOptions {
  readonly environment: Environment;
  readonly notices: Notices;
}

export function createPageHost({ environment, notices }: PageHostOptions): Host {
  const clock: ClockPort = {
    now: () => environment.now(),
    wait: (ms) => new Promise((resolve) => void environment.after(ms, resolve)),
  };
  void beginNewLog();
  const session = createIdbSession({ clock, random: systemRandom, remembers: false });
  const streams = hushable(createHttpTransport());
  const bell = createPageBell(environment, () => engine);
  const engine = createEngine({
    clock,
    random: systemRandom,
    sha256,
    session,
    store: createDexieStore({ session }),
    transport: streams.transport,
    broadcast: {
      tell: (notice) => notices.tell(notice),
      onOthers: (fn) => void notices.onOthers(fn),
    },
    locks: deviceLocks('offing'),
    bell,
    storage: browserStorage,
  });
  const unlisten = environment.listen('visibilitychange', () => {
    if (!environment.isVisible()) streams.hush();
  });
  const patience = createPatience(environment);
  const keepAlive = (work: Promise<unknown>): void => void work.catch(environment.report);

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        // A copy, as it would be by a worker's port: what the app does to its objects later counts for nothing.
        const copy = copyOf(request);
        const wait = patience(request, () => reject(noAnswer(request)));
        const done = answer(engine, copy, keepAlive).finally(() => {
          wait.answered();
          wait.stop();
        });
        done.then(resolve, reject);
      }),
    // What it tells goes to every tab by one way, this one included.
    onNotice: (fn) => notices.subscribe(fn),
    onReplaced: () => () => {},
    update: null,
    close() {
      // A drain that is under way ends by itself: to cut it off would only mean to send it again.
      bell.stop();
      streams.stop();
      unlisten();
    },
  };
}

function copyOf<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw notPlainData(cause);
  }
}
