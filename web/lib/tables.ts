/**
 * The app's tables in this device's database, for reading. Schema and name are derived as the engine
 * derives them; rows come without the layer's own bookkeeping.
 */
import { Dexie, type DBCore, type Transaction } from 'dexie';
import {
  EMPTY_OF_KIND,
  databaseNameOf,
  databaseVersionOf,
  ROW_UPGRADES,
  storesOf,
  type AppConfig,
} from '../../core/index.ts';
import { OffingError } from './errors.ts';
import { listKindOf, type Shape } from './fields.ts';
import type { Collections } from './schema.ts';

export interface TablesHooks {
  /** Another context closed the database. */
  readonly onClosed: () => void;
  /** It was closed for a newer version of the app. */
  readonly onOutdated: () => void;
}

/** Opens by itself at the first read. */
export function openTables(
  config: AppConfig,
  collections: Collections,
  { onClosed, onOutdated }: TablesHooks,
): Dexie {
  // Without Dexie's cache a query that is run again reads again, even if its notice was missed.
  const tables = new Dexie(databaseNameOf(config), { cache: 'disabled' });
  tables.version(databaseVersionOf(config)).stores(storesOf(config)).upgrade(upgradeRows);
  tables.use({ stack: 'dbcore', name: 'offing-read-only', create: readOnly });
  for (const [name, { fields }] of Object.entries(collections))
    // Of `bulkGet` also what is not there.
    tables.table(name).hook('reading', (row?: StoredRow) => row && readable(row, fields));

  // Closed for another context's upgrade, or by the browser: the next read opens it again. Only one
  // that was open: a database that cannot be opened would be tried without end.
  let wasOpen = false;
  tables.on('ready', () => void (wasOpen = true), true);
  // Dexie then closes it, which lets the newer one go on; what is read next is read from that.
  tables.on('versionchange', ({ newVersion }) => {
    if ((newVersion ?? 0) / DEXIE_FACTOR >= databaseVersionOf(config) + 1) onOutdated();
  });
  tables.on('close', () => {
    if (wasOpen) onClosed();
    wasOpen = false;
  });
  return tables;
}

/** The browser's version number is Dexie's, times this. */
const DEXIE_FACTOR = 10;

type StoredRow = Record<string, unknown>;

/** A row as an app reads it. */
export function readable({ $: _bookkeeping, ...row }: StoredRow, fields: Shape): StoredRow {
  for (const [name, field] of Object.entries(fields)) {
    // JSON knows no undefined: an optional field was cleared with null.
    if (field.optional && row[name] === null) delete row[name];
    // Written when the schema had no such field; the engine sees to it when it is greeted.
    const kind = listKindOf(field);
    if (kind && !Object.hasOwn(row, name)) row[name] = EMPTY_OF_KIND[kind];
  }
  return row;
}

/** The engine's part, which falls to whoever opens a database of an earlier layout first. */
async function upgradeRows(trans: Transaction): Promise<void> {
  for (const [name, change] of Object.entries(ROW_UPGRADES))
    await trans.table(name).toCollection().modify(change);
}

/** The engine alone writes: a write of the page's would never reach the outbox. */
const readOnly = (down: DBCore): Partial<DBCore> => ({
  transaction(stores, mode, options) {
    if (mode === 'readonly') return down.transaction(stores, mode, options);
    throw new OffingError('read_only', 'Tables are written by add, update, delete and the like.');
  },
});
