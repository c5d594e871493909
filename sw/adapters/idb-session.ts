/**
 * What outlives a rebuilt replica, in a tiny database of its own: device id, app config, connection.
 *
 * It is asked at every step, and several contexts may change it (tabs that are hosts, a worker that
 * takes over from them). A worker is mostly alone, and remembers the last state until another context
 * says that it changed it. A page may have been frozen when that was said: it reads each time.
 */
import { uuidV7, type DeviceId } from '../../core/index.ts';
import type { ClockPort, RandomPort, Session, SessionStore } from '../engine/ports.ts';
import { keptOpen } from './kept-open.ts';
import { createSessionCopy, type SessionCopy } from './session-copy.ts';
import { openTinyDb } from './tiny-db.ts';

const NAME = 'offing-session';
const KEY = 'session';

export interface IdbSessionOptions {
  readonly clock: Pick<ClockPort, 'now'>;
  readonly random: RandomPort;
  /** Whether the last state is kept in memory. */
  readonly remembers: boolean;
  readonly copy?: SessionCopy;
}

export function createIdbSession({
  clock,
  random,
  remembers,
  copy = createSessionCopy(),
}: IdbSessionOptions): SessionStore {
  const run = keptOpen((handlers) =>
    openTinyDb<Session>({ name: NAME, store: 'session', strict: true }, handlers),
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
    const changed = (first?: Session) =>
      run((db) =>
        db.change(KEY, (found) => {
          const session = found ?? first;
          return session && by(session);
        }),
      );
    const after = (await changed()) ?? (await changed((await copy.read()) ?? fresh()));
    if (!after) throw new Error('a session that is written is there');
    copy.keep(after);
    keep(after, before);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel has one origin.
    others.postMessage('changed');
    return after;
  }

  return {
    async load() {
      if (known) return known;
      const before = heard;
      const found = await run((db) => db.get(KEY));
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
