/**
 * Whether a transaction was committed whose end nobody heard of: its connection was lost between the
 * commit and the word of it. One that adds to the outbox leaves its name in the database, in a row of
 * this context's own. All others may be done again: each looks first whether there is still something
 * to do, and on a full disk they must not need room for a name.
 */
import type { KeyRanges, Tables } from './idb-tables.ts';
import { systemRandom } from './platform.ts';

const PREFIX = 'commit-';

export interface Commit<T> {
  /**
   * Does `work` in the transaction, unless a former try has done it: then returns what that came to.
   * `work` says whether it has added something.
   */
  once(within: Within, work: (added: () => void) => Promise<T>): Promise<T>;
}

/** The transaction. */
interface Within {
  readonly tables: Tables;
  readonly ranges: KeyRanges;
}

export function createCommits() {
  const key = `${PREFIX}${Array.from(systemRandom.bytes(8), (byte) => byte.toString(36)).join('')}`;
  let count = 0;
  let isFirst = true;

  return {
    next<T>(): Commit<T> {
      const name = (count += 1);
      let done: { readonly result: T } | undefined;
      return {
        async once({ tables, ranges }, work) {
          const meta = tables<{ key: string; name: number }, string>('_meta');
          if (done && (await meta.get(key))?.name === name) return done.result;
          let hasAdded = false;
          const result = await work(() => (hasAdded = true));
          if (!hasAdded) return result;
          // Those of contexts that are gone would only add up.
          if (isFirst) meta.deleteRange(ranges.bound(PREFIX, `${PREFIX}\uffff`));
          isFirst = false;
          meta.put([{ key, name }]);
          done = { result };
          return result;
        },
      };
    },
  };
}
