/**
 * The device's tables, as Dexie writes them: derived from the app's config in one place, because a
 * page that reads and a worker that writes must agree on them to the letter.
 */
import type { AppConfig } from './app-config.ts';
import { endedAt, type Conflict, type ConflictKey } from './conflict.ts';
import type { SpaceId } from './ids.ts';

/** Row members that belong to the layer; no field may take their names. */
export const RESERVED_FIELDS = ['id', 'space', '$'] as const;

/**
 * Finds tombstones by their seq. A row without one is not in it; one that is visible has one where a
 * pending op restores the record.
 */
export const BY_GRAVE = '[space+$.confirmed.grave.seq]';

/** Tables of the layer's own; an app's collection cannot begin with an underscore. */
const OWN_TABLES = {
  /** One row: whose database this is, and what writes count. */
  _meta: 'key',
  /** A row for each space: actor, progress, cursor. */
  _spaces: 'space',
  /** The ids are given by the row in `_meta`; that the database could give them is of earlier layouts. */
  _outbox: '++row, [space+row], *resolves',
  /** Records without a visible row: tombstones, and collections that this version of the app lacks. */
  _hidden: `[space+collection+id], [collection+id], ${BY_GRAVE}`,
  /** Outbox rows that are in the log, kept for the recovery window. */
  _settled: 'row, space, settledAt',
  /** Ops the server refused, kept for the person. */
  _aside: '[row+index], [space+actor+clock]',
  /** Records that had, in a history which the server has no more, what they have not in this one. */
  _missing: '[space+history+collection+id], [space+collection+id]',
  _conflicts: '[space+key], [space+collection+id], waits, [space+ended]',
  _malformed: '[space+seq]',
  /** Pieces of the text of a snapshot, until a replica is built anew from all of it. */
  _fetched: '[space+offset]',
} as const;

/**
 * History of the layer's own tables:
 * - 1: the first.
 * - 2: `_former`; settled rows are found by space, ops set aside by clock.
 * - 3: open conflicts are found by `waits`, and rows of the outbox by the conflicts that they resolve.
 * - 4: `_missing` in the place of `_former`, which had one row for what two restores took away.
 * - 5: tombstones are found by their seq, and closed conflicts by `ended`.
 * - 6: what is known of a record that is shown is a text in its row. A row of before stays as it is
 *   until it is written again: to rewrite all of them would keep the first to open it waiting.
 * - 7: `_fetched`.
 * - 8: the row in `_meta` gives the ids of the outbox and counts what was accepted.
 */
export const LAYOUT_VERSION = 8;
/** More than an app has versions; the seconds since 1970 are fewer. */
export const APP_VERSIONS = 1e12;

/** Dexie's `stores` for this app: its collections keyed by space and id, and the layer's own tables. */
export function storesOf(config: AppConfig): Record<string, string> {
  const collections = Object.entries(config.collections).map(
    ([name, { indexes }]) => [name, ['[space+id]', 'id', BY_GRAVE, ...indexes].join(', ')] as const,
  );
  return { ...Object.fromEntries(collections), ...OWN_TABLES };
}

/**
 * Dexie's version number: it grows with the layer's own tables, and with the app's schema. The layout
 * leads, so that no software of an older one takes a database of a newer for its own, whatever version
 * its app is of.
 */
export const databaseVersionOf = (config: AppConfig): number =>
  LAYOUT_VERSION * APP_VERSIONS + config.version;

export const databaseNameOf = (config: AppConfig): string => `offing-${config.name}`;

// ── conflicts ────────────────────────────────────────────────────────────────────────────────────

/** A conflict as it lies in `_conflicts`: the engine writes it, pages read it. */
export interface ConflictRow extends Conflict {
  readonly space: SpaceId;
  readonly key: ConflictKey;
  /** There while it is open: IndexedDB has no boolean keys. */
  readonly waits?: 1;
  /** Where it came to its end, while it is closed. */
  readonly ended?: number;
}

export const conflictRowOf = (
  space: SpaceId,
  key: ConflictKey,
  conflict: Conflict,
): ConflictRow => ({
  ...conflict,
  space,
  key,
  ...(conflict.open ? { waits: 1 } : { ended: endedAt(conflict) }),
});

/** The conflict, without what its row has for being found. */
export function conflictOfRow({
  space: _,
  key: __,
  waits: ___,
  ended: ____,
  ...conflict
}: ConflictRow): Conflict {
  return conflict;
}

/**
 * What to change of the rows of an earlier layout, by table: whoever opens the database first does it.
 * False where a row stays as it is.
 */
export const ROW_UPGRADES: Readonly<Record<string, (row: UpgradedConflict) => boolean>> = {
  _conflicts(row) {
    if (row.open) row.waits = 1;
    else row.ended = endedAt(row);
    return true;
  },
};

type UpgradedConflict = Conflict & { waits?: 1; ended?: number };
