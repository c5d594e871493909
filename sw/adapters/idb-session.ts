/**
 * What outlives a rebuilt replica, in a tiny database of its own: device id, app config, connection.
 *
 * It is asked at every step, and several contexts may change it (tabs that are hosts, a worker that
 * takes over from them). A worker is mostly alone, and remembers the last state until another context
 * says that it changed it. A page may have been frozen when that was said: it reads each time.
 */
import { openDB, type DBSchema } from 'idb';
import { uuidV7, type DeviceId } from '../../core/index.ts';
import type { ClockPort, RandomPort, Session, SessionStore } from '../engine/ports.ts';
import { keptOpen } from './kept-open.ts';

const NAME = 'offing-session';
const LAYOUT_VERSION = 1;
const KEY = 'session';

interface Layout extends DBSchema {
  session: { key: string; value: Session };
}

export interface IdbSessionOptions {
  readonly clock: Pick<ClockPort, 'now'>;
  readonly random: RandomPort;
  /** Whether the last state is kept in memory. */
  readonly remembers: boolean;
}

export function createIdbSession({ clock, random, remembers }: IdbSessionOptions): SessionStore {
  const run = keptOpen((handlers) =>
    openDB<Layout>(NAME, LAYOUT_VERSION, {
      upgrade: (fresh) => void fresh.createObjectStore('session'),
      ...handlers,
    }),
  );
  const others = new BroadcastChannel(NAME);
  let known: Session | undefined;
  /** Counts what others changed: what was read before is not kept after. */
  let heard = 0;
  if (remembers) {
    others.addEventListener('message', () => {
      heard += 1;
      known = undefined;
    });
  }

  function keep(session: Session | undefined, heardBefore: number): void {
    if (remembers && heard === heardBefore) known = session;
  }

  const fresh = (): Session => ({ device: uuidV7(clock.now(), random.bytes(10)) as DeviceId });

  async function change(by: (before: Session) => Session): Promise<Session> {
    const before = heard;
    const after = await run(async (db) => {
      const tx = db.transaction('session', 'readwrite', { durability: 'strict' });
      tx.done.catch(() => {}); // told by what fails in it
      const next = by((await tx.store.get(KEY)) ?? fresh());
      await Promise.all([tx.store.put(next, KEY), tx.done]);
      return next;
    });
    keep(after, before);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel has one origin.
    others.postMessage('changed');
    return after;
  }

  return {
    async load() {
      if (known) return known;
      const before = heard;
      const found = await run((db) => db.get('session', KEY));
      keep(found, before);
      return found ?? change((session) => session);
    },
    save: (members) =>
      change((before) => {
        const entries = Object.entries({ ...before, ...members });
        return Object.fromEntries(
          entries.filter(([, value]) => value !== undefined),
        ) as unknown as Session;
      }),
  };
}
