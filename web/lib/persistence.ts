/**
 * Asking the browser to keep what is here: by itself it may clear a site that was not visited for a
 * while, or when the disk is full. Asked once, and only when there is something to lose and a reason
 * to believe that it matters: some browsers ask the person then, and others look at how the app is used.
 */
import type { Status } from '../../core/index.ts';
import type { Environment } from './environment.ts';
import type { Session } from './session.ts';

export interface Persistence {
  /** Asks now. Resolves with whether the browser keeps it; false as well where it has no such promise. */
  readonly persist: () => Promise<boolean>;
  /** Something was written: asks, if it is time and nobody has asked before. */
  readonly consider: () => void;
}

export interface PersistenceOptions {
  readonly environment: Environment;
  readonly session: Pick<Session, 'ask' | 'status'>;
  /** Whether it may ask by itself. */
  readonly asksByItself: boolean;
}

export function createPersistence({
  environment,
  session,
  asksByItself,
}: PersistenceOptions): Persistence {
  let isAsking = false;

  async function persist(): Promise<boolean> {
    isAsking = true;
    const isKept = (await environment.persist?.()) ?? false;
    // So that no tab asks again, and the status says what came of it.
    await session.ask({ type: 'persistence-asked' });
    return isKept;
  }

  return {
    persist,
    consider() {
      if (!asksByItself || isAsking || !isTime(session.status.current, environment)) return;
      // Nobody waits for it: refused or failed, the app works as before.
      persist().catch(() => {});
    },
  };
}

/** Who has installed the app or joined an account means to come back to what is written here. */
function isTime({ storage, account }: Status, environment: Environment): boolean {
  // A host that does not know of it says nothing of it.
  if (!environment.persist || !storage || storage.persisted || storage.asked) return false;
  return environment.isInstalled() || account !== null;
}
