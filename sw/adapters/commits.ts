/**
 * Whether a transaction was committed whose end nobody heard of: its connection was lost between the
 * commit and the word of it. Each leaves its name in the database, in a row of this context's own.
 */
import type { Transaction } from 'dexie';
import { systemRandom } from './platform.ts';

const PREFIX = 'commit-';

export interface Commit<T> {
  /** Does `work` in the transaction, unless a former try has done it: then returns what that came to. */
  once(trans: Transaction, work: () => Promise<T>): Promise<T>;
}

export function createCommits() {
  const key = `${PREFIX}${Array.from(systemRandom.bytes(8), (byte) => byte.toString(36)).join('')}`;
  let count = 0;

  return {
    next<T>(): Commit<T> {
      const name = (count += 1);
      let done: { readonly result: T } | undefined;
      return {
        async once(trans, work) {
          const meta = trans.table<{ key: string; name: number }, string>('_meta');
          if (done && (await meta.get(key))?.name === name) return done.result;
          const result = await work();
          // Those of contexts that are gone would only add up.
          if (name === 1) await meta.where('key').startsWith(PREFIX).delete();
          await meta.put({ key, name });
          done = { result };
          return result;
        },
      };
    },
  };
}
