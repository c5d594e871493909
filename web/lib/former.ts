/**
 * What was confirmed here and is not on the server since it was restored: each device brings back by
 * itself what it wrote, and the rest is listed here until a person brings it back or lets it go.
 */
import type { Dexie } from 'dexie';
import {
  visibleFields,
  type AppConfig,
  type FormerRef,
  type Json,
  type Missing,
  type Receipt,
  type RecordState,
  type SpaceId,
} from '../../core/index.ts';
import type { WriteHandle } from './api.ts';
import type { Session } from './session.ts';
import { createHandle } from './write-handle.ts';
import type { Write } from './writer.ts';

/** A record as it was, and what of it is missing. */
export interface FormerRecord extends FormerRef {
  readonly space: SpaceId;
  /** All that it showed; null where it was deleted, and is not any more. */
  readonly fields: Readonly<Record<string, Json>> | null;
  /** Whether it is here now, and misses only what `missing` says. */
  readonly isThere: boolean;
  readonly missing: readonly FormerChange[];
  /** The wall time in ms of the last change that is missing. */
  readonly at: number;
}

type WithoutStamp<M> = M extends Missing
  ? Omit<M, 'by' | 'nth' | 'beside'> & { readonly at: number }
  : never;
/**
 * One change that is missing: a value that was put, an element that was added or removed, what was
 * added to a counter, a journal's entry, the whole record (`new`), or its deletion. `at` is the wall
 * time in ms at which it was written; of a removal, at which the element had been added.
 */
export type FormerChange = WithoutStamp<Missing>;

export interface FormerRecords {
  /** All of them, the last written first; in a live query, again with each change. */
  toArray(): Promise<readonly FormerRecord[]>;
  /**
   * Writes what is missing of them, by now, as edits of what is there and as new records of what is
   * not. They leave the list with it. What has come back meanwhile is not written again; rejects with
   * `not_former` where that is all of them.
   */
  bringBack(records: readonly FormerRef[]): WriteHandle<readonly Receipt[]>;
  /** Lets them go, for good. */
  discard(records: readonly FormerRef[]): Promise<void>;
}

interface Stored extends FormerRef {
  readonly confirmed: RecordState;
  readonly missing: readonly Missing[];
}

export function createFormer(
  tables: Dexie,
  config: AppConfig,
  { write, session }: { readonly write: Write; readonly session: Session },
): FormerRecords {
  async function isThere({ space, collection, id }: FormerRef): Promise<boolean> {
    // A collection that this version of the app does not have shows nothing.
    if (!Object.hasOwn(config.collections, collection)) return false;
    return (await tables.table(collection).where(':id').equals([space, id]).count()) > 0;
  }

  async function recordOf({ confirmed, missing, ...ref }: Stored): Promise<FormerRecord> {
    const kinds = config.collections[ref.collection]?.kinds;
    const fields = visibleFields(confirmed, kinds);
    return {
      ...ref,
      fields: fields ? Object.fromEntries(fields) : null,
      isThere: await isThere(ref),
      missing: missing.map(changeOf),
      at: Math.max(...missing.map(({ by }) => by.at)),
    };
  }

  return {
    async toArray() {
      const stored = (await tables.table('_missing').toArray()) as Stored[];
      const records = await Promise.all(stored.map(recordOf));
      return records.toSorted((a, b) => b.at - a.at);
    },
    bringBack(records) {
      const spaces = new Set<string>(records.map(({ space }) => space));
      const written = write({ spaces, ops: [], former: records.map(refOf) });
      return createHandle(written, (receipts) => receipts);
    },
    async discard(records) {
      await session.ask({ type: 'let-go', records: records.map(refOf) });
    },
  };
}

function changeOf(missing: Missing): FormerChange {
  const { by, ...change } = missing;
  if (change.kind === 'append') {
    const { nth: _, ...entry } = change;
    return { ...entry, at: by.at };
  }
  if (change.kind === 'increment') {
    const { beside: _, ...increment } = change;
    return { ...increment, at: by.at };
  }
  return { ...change, at: by.at };
}

const refOf = ({ space, history, collection, id }: FormerRef): FormerRef => ({
  space,
  history,
  collection,
  id,
});
