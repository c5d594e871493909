/**
 * The device's tables, as Dexie writes them: derived from the app's config in one place, because a
 * page that reads and a worker that writes must agree on them to the letter.
 */
import type { AppConfig } from './app-config.ts';

/** Row members that belong to the layer; no field may take their names. */
export const RESERVED_FIELDS = ['id', 'space', '$'] as const;

/** Tables of the layer's own; an app's collection cannot begin with an underscore. */
const OWN_TABLES = {
  /** One row: whose database this is. */
  _meta: 'key',
  /** A row for each space: actor, progress, cursor. */
  _spaces: 'space',
  _outbox: '++row, [space+row]',
  /** Records without a visible row: tombstones, and collections that this version of the app lacks. */
  _hidden: '[space+collection+id], [collection+id]',
  /** Outbox rows that are in the log, kept for the recovery window. */
  _settled: 'row, space, settledAt',
  /** Ops the server refused, kept for the person. */
  _aside: '[row+index], [space+actor+clock]',
  /** What was confirmed here in a history that the server does not have any more. */
  _former: '[space+epoch+collection+id]',
  _conflicts: '[space+key], [space+collection+id]',
  _malformed: '[space+seq]',
} as const;

/**
 * History of the layer's own tables:
 * - 1: the first.
 * - 2: `_former`; settled rows are found by space, ops set aside by clock.
 */
const LAYOUT_VERSION = 2;
const LAYOUTS_PER_APP_VERSION = 100;

/** Dexie's `stores` for this app: its collections keyed by space and id, and the layer's own tables. */
export function storesOf(config: AppConfig): Record<string, string> {
  const collections = Object.entries(config.collections).map(
    ([name, { indexes }]) => [name, ['[space+id]', 'id', ...indexes].join(', ')] as const,
  );
  return { ...Object.fromEntries(collections), ...OWN_TABLES };
}

/** Dexie's version number: it grows with the app's schema and with the layer's own tables. */
export const databaseVersionOf = (config: AppConfig): number =>
  config.version * LAYOUTS_PER_APP_VERSION + LAYOUT_VERSION;

export const databaseNameOf = (config: AppConfig): string => `offing-${config.name}`;
