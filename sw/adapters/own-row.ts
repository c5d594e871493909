/**
 * The row of the replica itself: whose database it is, and what every accepted write changes of what is
 * known of the whole. All of that is one row, put once in a transaction and at its end, because each
 * request that writes costs the browser more than what is written (decision 0027).
 */
import type { RowId, SpaceId } from '../../core/index.ts';
import type { Meta } from '../engine/ports.ts';
import type { IdbTable } from './idb-tables.ts';

export const OWN_KEY = 'meta';

/** What writes count. */
export interface Counts {
  /** The id of the next row of the outbox: none is given twice. */
  readonly next: RowId;
  /** How many ops were accepted in each space; the row of a space has how many of them are gone. */
  readonly accepted: Readonly<Record<SpaceId, number>>;
  /** By the name of a context what it has committed last, if that must not be done twice; newest last. */
  readonly commits: readonly (readonly [context: string, name: number])[];
}

const NO_COUNTS: Counts = { next: 1, accepted: {}, commits: [] };

/** As it lies there: without a home while the database has no owner. */
export type OwnRow = Partial<Meta> & { readonly key: string; readonly counts?: Counts };

/** More contexts of a device hardly live at a time. */
const CONTEXTS_KEPT = 8;
/** Of more spaces those are left out in which nothing is pending. */
const SPACES_KEPT = 16;

/** The row in one transaction: what was read or written of it is known until that ends. */
export type Own = ReturnType<typeof createOwn>;

export function createOwn(table: Pick<IdbTable<OwnRow, string>, 'get' | 'put'>) {
  let found: Promise<OwnRow | undefined> | undefined;
  let row: OwnRow = { key: OWN_KEY };
  let counts = NO_COUNTS;
  let isChanged = false;
  let hasGivenIds = false;

  async function read(): Promise<void> {
    const isFirst = !found;
    const there = await (found ??= table.get(OWN_KEY));
    if (isFirst && there) ({ counts = NO_COUNTS } = row = there);
  }

  /** Of what was read: at once, so that nobody counts on from what another has counted. */
  function change(changed: Partial<Counts>): void {
    counts = { ...counts, ...changed };
    isChanged = true;
  }

  function put(): void {
    row = { ...row, counts };
    table.put([row]);
    isChanged = false;
  }

  return {
    async meta(): Promise<Meta | undefined> {
      await read();
      const { key: _, counts: __, ...meta } = row;
      return isOwned(meta) ? meta : undefined;
    },
    /** At once: who puts something larger first wants to know that there is room for it. */
    async putMeta(meta: Meta): Promise<void> {
      await read();
      row = { ...meta, key: OWN_KEY };
      put();
    },
    /** Ids for so many rows of the outbox: the first. */
    async takeIds(count: number): Promise<RowId> {
      hasGivenIds = true;
      await read();
      const { next } = counts;
      change({ next: next + count });
      return next;
    },
    get hasGivenIds() {
      return hasGivenIds;
    },
    async beginIdsAt(next: RowId): Promise<void> {
      await read();
      change({ next });
    },
    /** Whether what is accepted may be counted at no price. */
    get isToBePut() {
      return isChanged || Object.keys(counts.accepted).length > SPACES_KEPT;
    },
    async acceptedIn(space: SpaceId): Promise<number> {
      await read();
      return counts.accepted[space] ?? 0;
    },
    /** Once it is known how many were. */
    countAccepted(space: SpaceId, count: number): void {
      const { [space]: _, ...others } = counts.accepted;
      change({ accepted: count === 0 ? others : { ...others, [space]: count } });
    },
    /** The name of what a context has committed last. */
    async committedBy(context: string): Promise<number | undefined> {
      await read();
      return counts.commits.find(([of]) => of === context)?.[1];
    },
    async noteCommit(context: string, name: number): Promise<void> {
      await read();
      const others = counts.commits.filter(([of]) => of !== context);
      change({ commits: [...others.slice(1 - CONTEXTS_KEPT), [context, name]] });
    },
    /** Puts what was counted. */
    save(): void {
      if (isChanged) put();
    },
  };
}

const isOwned = (meta: Partial<Meta>): meta is Meta => meta.home !== undefined;
