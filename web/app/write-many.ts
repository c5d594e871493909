/** Many writes in one space: one atomic op where it fits into one, else many in one transaction. */
import type { BatchTx, BulkTx, WriteHandle } from '../lib/index.ts';
import { db } from './db.ts';

type Collections = typeof db extends { batch(write: (tx: BatchTx<infer C>) => void): WriteHandle }
  ? C
  : never;
type Tx = BatchTx<Collections> | BulkTx<Collections>;

/** A payload has 64 KiB; an update or a deletion takes about 120 bytes of it, ids included. */
const MOST_IN_A_BATCH = 200;

export function writeMany<T>(
  all: readonly T[],
  write: (tx: Tx, each: T) => void,
): PromiseLike<unknown> {
  const writeAll = (tx: Tx) => {
    for (const each of all) write(tx, each);
  };
  return all.length <= MOST_IN_A_BATCH ? db.batch(writeAll) : db.bulk(writeAll);
}
