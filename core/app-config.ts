/**
 * What a worker must know of the app whose data it keeps: plain data, stored by the page and read
 * by the worker, so that the worker needs no app code.
 */
import * as v from 'valibot';
import { canonicalJson } from './json.ts';

const COLLECTION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const CollectionSchema = v.object({
  /** Fields to look records up by, as Dexie writes indexes (`order`, `[space+order]`). */
  indexes: v.array(v.string()),
  /** How fields are kept that are no registers. */
  kinds: v.optional(v.record(v.string(), v.picklist(['set', 'counter', 'journal']))),
});

export const AppConfigSchema = v.object({
  /** Names the database on this device. */
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a database name')),
  /** Raised by the developer when collections or indexes change. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  collections: v.record(
    v.pipe(v.string(), v.regex(COLLECTION_NAME, 'not a collection name')),
    CollectionSchema,
  ),
  /** The home space's collection whose records name, by their ids, the other spaces to follow. */
  registry: v.optional(v.string()),
});
export type AppConfig = v.InferOutput<typeof AppConfigSchema>;

/**
 * What to work by when a page says `said` and `known` was worked by before. A page of an older version
 * does not take the database back; and a collection once kept is kept, because its records lie in its
 * table and nowhere else.
 */
export function configAfter(known: AppConfig | undefined, said: AppConfig): AppConfig {
  if (known?.name !== said.name) return said;
  const [older, newer] = known.version > said.version ? [said, known] : [known, said];
  return { ...newer, collections: { ...older.collections, ...newer.collections } };
}

/**
 * The collections whose records are not taken as `next` has them: some field is of another kind there,
 * or there was no table for them before, and what has come since lies hidden; or it is the registry, and
 * was not, so that nobody has looked which spaces it names.
 */
export function redrawn(known: AppConfig | undefined, next: AppConfig): string[] {
  const kindsOf = (config: AppConfig, name: string) =>
    canonicalJson(config.collections[name]?.kinds ?? {});
  if (known?.name !== next.name) return [];
  return Object.keys(next.collections).filter(
    (name) =>
      !Object.hasOwn(known.collections, name) ||
      kindsOf(known, name) !== kindsOf(next, name) ||
      (name === next.registry && name !== known.registry),
  );
}
