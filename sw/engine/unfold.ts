/**
 * The second half of a write that went ahead (go-ahead.ts): its ops are in the outbox and acknowledged,
 * and are applied to the records now, some at a time. What is left to do stands in the database, so that
 * whoever comes next goes on where a host was killed. No other transaction sees the replica in between:
 * it waits until all is done.
 */
import type { RowId } from '../../core/index.ts';
import type { ReplicaStore, ReplicaTx } from './ports.ts';
import { unfoldRow, type NextRow } from './unfold-row.ts';

/** The rows that were accepted ahead and whose ops are still to be applied, in their order. */
export type Unfolding = readonly RowId[];

/** Ends a transaction that has met what is left to unfold. */
class StillUnfolding extends Error {
  override readonly name = 'StillUnfolding';
}

interface Parts {
  /** In ops: so many are applied in one transaction, and the rest of a row that has the last of them. */
  readonly atOnce: number;
  /** So many rows may be left. */
  readonly most?: number;
}

/**
 * The store for all but the unfolding itself: what is written has met nothing that is left to unfold, or
 * no more rows of it than `most`.
 */
export const unfolded = (store: ReplicaStore, parts: Parts): ReplicaStore => ({
  async write<T>(work: (tx: ReplicaTx) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await store.write((tx) => whenUnfolded(tx, work, parts.most ?? 0));
      } catch (error) {
        if (!(error instanceof StillUnfolding)) throw error;
      }
      await unfoldAll(store, parts);
    }
  },
  read: (work) => store.read(work),
  remove: () => store.remove(),
});

/**
 * There is hardly ever something left, so it is looked for beside what the work reads itself, and not
 * before that: one trip to the disk less for each transaction. Where there is, the work is undone,
 * whatever it came to, and done again behind it.
 */
async function whenUnfolded<T>(
  tx: ReplicaTx,
  work: (tx: ReplicaTx) => Promise<T>,
  most: number,
): Promise<T> {
  const [standing, worked] = await Promise.allSettled([tx.meta(), work(tx)]);
  if (standing.status === 'rejected') throw standing.reason;
  if ((standing.value?.unfolding?.length ?? 0) > most) throw new StillUnfolding();
  if (worked.status === 'rejected') throw worked.reason;
  return worked.value;
}

/**
 * Applies what is left to apply; before each part `before` is waited for, which is more urgent. Rejects
 * with StorageError, and goes on from there the next time.
 */
export async function unfoldAll(
  store: ReplicaStore,
  { atOnce, most = 0 }: Parts,
  before?: () => Promise<unknown>,
): Promise<void> {
  let left = Infinity;
  let next: NextRow | undefined;
  while (left > most) {
    await before?.();
    ({ left, next } = await store.write((tx) => unfoldSome(tx, atOnce, next)));
  }
}

interface Unfolded {
  /** So many rows. */
  readonly left: number;
  /** The first of them, where it is known already. */
  readonly next?: NextRow | undefined;
}

/** Small rows share a transaction. */
async function unfoldSome(tx: ReplicaTx, atOnce: number, known?: NextRow): Promise<Unfolded> {
  const meta = await tx.meta();
  if (!meta?.unfolding) return { left: 0 };
  const { unfolding, ...others } = meta;
  const { home } = meta;
  let next = known?.home === home ? known : undefined;
  let done = 0;
  for (let ops = 0; ops < atOnce && done < unfolding.length; done++) {
    const id = unfolding[done] as RowId;
    // Another context may have gone on meanwhile.
    const areNew = next?.row.row === id;
    const row = areNew ? next?.row : (await tx.rows([id])).get(id);
    next = row && (await unfoldRow(tx, { home, row, areNew, next: unfolding[done + 1] }));
    ops += row?.payloads.length ?? 0;
  }
  const left = unfolding.slice(done);
  await tx.putMeta({ ...others, ...(left.length > 0 && { unfolding: left }) });
  return { left: left.length, next };
}
