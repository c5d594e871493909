/**
 * Who in this process listens for what is new. Pokes are hints: one that is lost costs a listener
 * the time until its next poll, so nothing here waits, retries or remembers.
 */
import type { AccountId, Poke, SpaceId } from '../../core/index.ts';
import { covers } from '../auth/reach.ts';
import type { Asker } from '../auth/reach.ts';

export interface Listener {
  readonly asker: Asker;
  /** `null`: every space that the token reaches, those made later too. */
  readonly spaces: ReadonlySet<SpaceId> | null;
  poke(poke: Poke): void;
  /** The stream ends: its token was revoked, or the server stops. */
  end(why: 'revoked' | 'stopping'): void;
}

export interface Hub {
  /** Returns how to stop listening. */
  listen(listener: Listener): () => void;
  /** How many listen now. */
  count(): number;
  /** How many of the account listen now. */
  countOf(account: AccountId): number;
  /** Tells those listeners of `members` who want to know of the space. */
  poke(poke: Poke, members: readonly AccountId[]): void;
  revoked(token: string): void;
  stop(): void;
}

export function createHub(): Hub {
  // By account: a poke costs what its space has members, however many others listen.
  const byAccount = new Map<AccountId, Set<Listener>>();
  let isStopped = false;

  const all = (): Listener[] => [...byAccount.values()].flatMap((listeners) => [...listeners]);

  return {
    listen(listener) {
      const { account } = listener.asker;
      // A stream that opens while the server stops would be left open by stop().
      if (isStopped) listener.end('stopping');
      const listeners = byAccount.get(account) ?? new Set();
      byAccount.set(account, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byAccount.get(account) === listeners) byAccount.delete(account);
      };
    },
    count: () => all().length,
    countOf: (account) => byAccount.get(account)?.size ?? 0,
    poke(poke, members) {
      for (const account of members) {
        for (const listener of byAccount.get(account) ?? []) {
          if (wants(listener, poke.space)) listener.poke(poke);
        }
      }
    },
    revoked(token) {
      for (const listener of all()) if (listener.asker.token === token) listener.end('revoked');
    },
    stop() {
      isStopped = true;
      for (const listener of all()) listener.end('stopping');
    },
  };
}

const wants = ({ asker, spaces }: Listener, space: SpaceId): boolean =>
  covers(asker, space) && (spaces === null || spaces.has(space));
