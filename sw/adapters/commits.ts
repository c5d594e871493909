/**
 * Whether a transaction was committed whose end nobody heard of: its connection was lost between the
 * commit and the word of it. One that adds to the outbox leaves its name in the replica's own row, under
 * that of its context. All others may be done again: each looks first whether there is still something
 * to do, and on a full disk they must not need room for a name.
 */
import type { Own } from './own-row.ts';
import { systemRandom } from './platform.ts';

export interface Commit<T> {
  /** Does `work` in the transaction, unless a former try has done it: then returns what that came to. */
  once(own: Own, work: () => Promise<T>): Promise<T>;
}

export function createCommits() {
  const context = Array.from(systemRandom.bytes(8), (byte) => byte.toString(36)).join('');
  let count = 0;

  return {
    next<T>(): Commit<T> {
      const name = (count += 1);
      let done: { readonly result: T } | undefined;
      return {
        async once(own, work) {
          if (done && (await own.committedBy(context)) === name) return done.result;
          const result = await work();
          if (own.hasGivenIds) {
            await own.noteCommit(context, name);
            done = { result };
          }
          return result;
        },
      };
    },
  };
}
