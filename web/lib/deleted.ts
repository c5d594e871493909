/** What deleted records held: the engine keeps it for a restore, and a page may want to name them. */
import type { Dexie, Table } from 'dexie';
import { visibleFields, type AppConfig, type RecordState, type SpaceId } from '../../core/index.ts';
import type { Collections } from './schema.ts';
import { readable } from './tables.ts';

/** A record without a visible row, as the engine stores it. */
interface HiddenRow {
  readonly space: SpaceId;
  readonly id: string;
  readonly $: { readonly confirmed?: RecordState; readonly rebased?: RecordState };
}

interface Deleted {
  readonly tables: Dexie;
  readonly config: AppConfig;
  readonly collections: Collections;
}

/** The rows of deleted records, as a restore would bring them back; of all, or of those with these ids. */
export async function deletedRows(
  { tables, config, collections }: Deleted,
  collection: string,
  ids?: readonly string[],
): Promise<object[]> {
  const hidden: Table<HiddenRow> = tables.table('_hidden');
  const names = hidden.where('[collection+id]');
  const found = ids
    ? names.anyOf(ids.map((id) => [collection, id]))
    : names.between([collection], [collection, []]);
  const kinds = config.collections[collection]?.kinds;
  return (await found.toArray()).flatMap(({ space, id, $ }) => {
    const state = $.rebased ?? $.confirmed;
    // One on its way to another space, or of which nothing is known but that it is gone, has no life to show.
    if (!state?.grave || state.born.length === 0) return [];
    const { grave: _, ...buried } = state;
    const fields = [...(visibleFields(buried, kinds) ?? []), ['space', space], ['id', id]] as const;
    return [readable(Object.fromEntries(fields), collections[collection]?.fields ?? {})];
  });
}
