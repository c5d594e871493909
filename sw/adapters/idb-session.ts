/**
 * What outlives a rebuilt replica, in a tiny database of its own: device id, app config, connection.
 * Asked at every step, so the last state is kept in memory too: one host at a time runs an engine,
 * and every change is written through before it counts.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { uuidV7, type DeviceId } from '../../core/index.ts';
import type { ClockPort, RandomPort, Session, SessionStore } from '../engine/ports.ts';

const NAME = 'offing-session';
const LAYOUT_VERSION = 1;
const KEY = 'session';

interface Layout extends DBSchema {
  session: { key: string; value: Session };
}

export function createIdbSession(ports: { clock: ClockPort; random: RandomPort }): SessionStore {
  let db: Promise<IDBPDatabase<Layout>> | undefined;
  let known: Session | undefined;

  /** A failed or closed connection is not kept: the next use opens another. */
  function database(): Promise<IDBPDatabase<Layout>> {
    db ??= openDB<Layout>(NAME, LAYOUT_VERSION, {
      upgrade: (fresh) => void fresh.createObjectStore('session'),
      blocking: () => close(),
      terminated: () => close(),
    }).catch((error: unknown) => {
      db = undefined;
      throw error;
    });
    return db;
  }

  function close(): void {
    const closing = db;
    db = undefined;
    void closing?.then((open) => open.close());
  }

  const fresh = (): Session => ({
    device: uuidV7(ports.clock.now(), ports.random.bytes(10)) as DeviceId,
  });

  async function change(by: (before: Session) => Session): Promise<Session> {
    const tx = (await database()).transaction('session', 'readwrite', { durability: 'strict' });
    const after = by((await tx.store.get(KEY)) ?? fresh());
    await Promise.all([tx.store.put(after, KEY), tx.done]);
    known = after;
    return after;
  }

  return {
    async load() {
      known ??= await (await database()).get('session', KEY);
      return known ?? change((before) => before);
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
