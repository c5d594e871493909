/**
 * The conflicts that this device knows of: derived by the engine, read here, and closed by a resolve,
 * which is a write like any other.
 */
import type { Dexie, Table } from 'dexie';
import {
  birthOf,
  conflictNameOf,
  resolvedBy,
  type Conflict as Stored,
  type ConflictKey,
  type ConflictKind,
  type ConflictRow,
  type Json,
  type JsonObject,
  type LostChange,
  type OutboxRow,
  type Receipt,
  type ResolveJson,
  type SpaceId,
  type Stamp,
} from '../../core/index.ts';
import type { Ref, WriteHandle } from './api.ts';
import { idOf, spaceOf } from './intents.ts';
import { createHandle, firstOf } from './write-handle.ts';
import type { Write } from './writer.ts';

/** What two people wrote without having seen each other, or one wrote and the other deleted. */
export interface Conflict {
  /** Names it within its space, on every device. */
  readonly key: ConflictKey;
  readonly space: SpaceId;
  /** May be one that this version of the app does not have. */
  readonly collection: string;
  /** The record's. */
  readonly id: string;
  /** Null where it is about the whole record, because one of the sides deleted it. */
  readonly field: string | null;
  readonly kind: ConflictKind;
  /** Waits for a person. Most conflicts are never open: they are kept so that nothing is lost. */
  readonly open: boolean;
  readonly winner: ConflictSide;
  readonly loser: ConflictSide;
  /** By whom it was closed, if it ever was open. */
  readonly closed?: Authorship;
}

export interface ConflictSide extends Authorship {
  /** The fields it wrote; null for a deletion. */
  readonly values: JsonObject | null;
  /** What it changed of sets, counters and journals, in order. */
  readonly changes: readonly LostChange[];
}

export interface Authorship {
  /** Wall time in ms; null for the deletion of a record that is not known any more. */
  readonly at: number | null;
  /** Whether it was this device, also under an id that it had before. */
  readonly mine: boolean;
}

/** The side to take, or another value: of a conflict about a whole record, an object of fields. */
export type Take = 'winner' | 'loser' | { readonly value: Json };

export interface Conflicts {
  /**
   * Those that wait for a person, oldest first; in a live query, again with each change. One that was
   * resolved here is not among them, though the server may not know it yet. Those of spaces that are
   * not followed any more, of a deleted list, are left out.
   */
  open(): Promise<readonly Conflict[]>;
  /** All of a record, closed ones too, oldest first. */
  of(collection: string, ref: Ref): Promise<readonly Conflict[]>;
  /**
   * Closes it on every device: with `winner` all stays as it is, `loser` or a value becomes what the
   * record has, and of a deletion's conflict brings the record back. Of one that is closed it takes
   * the loser back all the same. Rejects with `forbidden` in a space that can only be read.
   */
  resolve(conflict: ConflictRef, take: Take): WriteHandle;
  /** Many at once, in this order: all of them are accepted or none. */
  resolveAll(resolutions: readonly Resolution[]): WriteHandle<readonly Receipt[]>;
}

/** A conflict, or what names it. */
export type ConflictRef = Pick<Conflict, 'key' | 'space'>;

export interface Resolution {
  readonly conflict: ConflictRef;
  readonly take: Take;
}

interface SpaceFacts {
  readonly space: SpaceId;
  readonly actor: string;
  readonly selves?: readonly { readonly actor: string; readonly clock: number }[];
  readonly followed: boolean;
}

export function createConflicts(tables: Dexie, write: Write): Conflicts {
  const conflicts: Table<ConflictRow, [SpaceId, ConflictKey]> = tables.table('_conflicts');
  const outbox: Table<OutboxRow, number> = tables.table('_outbox');
  const spaces: Table<SpaceFacts, SpaceId> = tables.table('_spaces');
  /** As of one moment: a conflict and the op that resolves it leave together. */
  const look = <T>(work: () => Promise<T>) =>
    tables.transaction('r', [conflicts, outbox, spaces], work);

  return {
    open: async () =>
      look(async () => {
        const rows = await conflicts.where('waits').equals(1).toArray();
        const facts = await factsOf(rows);
        const followed = rows.filter(({ space }) => facts.get(space)?.followed);
        return (await tellAll(followed, facts)).filter(({ open }) => open);
      }),
    of: async (collection, ref) =>
      look(async () => {
        const space = spaceOf(ref);
        const within = space === undefined ? await spaces.toCollection().primaryKeys() : [space];
        const names = within.map((one) => [one, collection, idOf(ref)]);
        const rows = await conflicts.where('[space+collection+id]').anyOf(names).toArray();
        return tellAll(rows, await factsOf(rows));
      }),
    resolve: (conflict, take) => createHandle(resolveAll([{ conflict, take }]), firstOf),
    resolveAll: (resolutions) => createHandle(resolveAll(resolutions), (receipts) => receipts),
  };

  function resolveAll(resolutions: readonly Resolution[]) {
    const spaces = new Set<string>(resolutions.map(({ conflict }) => conflict.space));
    const ops = resolutions.map(({ conflict: { key, space }, take }) => {
      const resolve: ResolveJson = { kind: 'resolve', conflict: conflictNameOf(key), take };
      return { space, do: [resolve] };
    });
    return write({ spaces, ops });
  }

  /** Oldest first. What is resolved here waits no more, though the log does not know it yet. */
  async function tellAll(
    rows: readonly ConflictRow[],
    facts: ReadonlyMap<SpaceId, SpaceFacts>,
  ): Promise<Conflict[]> {
    const resolving = rows.some(({ open }) => open)
      ? await outbox.where('resolves').above('').toArray()
      : [];
    const resolved = resolvedBy(resolving);
    return rows.toSorted(byAge).map((row) => {
      const open = row.open && !resolved.has(row.key);
      return shown({ ...row, open }, facts.get(row.space));
    });
  }

  async function factsOf(rows: readonly ConflictRow[]): Promise<Map<SpaceId, SpaceFacts>> {
    const names = [...new Set(rows.map(({ space }) => space))];
    const found = await spaces.bulkGet(names);
    return new Map(found.flatMap((row) => (row ? [[row.space, row] as const] : [])));
  }
}

function shown(row: ConflictRow, facts: SpaceFacts | undefined): Conflict {
  const { key, space, collection, id, field, kind, open, closed } = row;
  const side = ({ values, changes = [], stamp }: Stored['winner']): ConflictSide => ({
    values: values && Object.fromEntries(values),
    changes,
    ...authorship(stamp, facts),
  });
  return {
    key,
    space,
    collection,
    id,
    field,
    kind,
    open,
    winner: side(row.winner),
    loser: side(row.loser),
    ...(closed && { closed: authorship(closed, facts) }),
  };
}

const authorship = (stamp: Stamp | null, facts: SpaceFacts | undefined): Authorship => ({
  at: stamp?.at ?? null,
  mine: stamp !== null && facts !== undefined && isMine(stamp, facts),
});

/** After a fork the former id is this device's as far as it had come then: a copy may have gone on. */
const isMine = ({ actor, clock }: Stamp, { actor: now, selves = [] }: SpaceFacts): boolean =>
  actor === now || selves.some((self) => self.actor === actor && clock <= self.clock);

/** By time, because there is no other order between spaces; of one time by the log. */
const byAge = (a: ConflictRow, b: ConflictRow): number =>
  bornAt(a) - bornAt(b) || birthOf(a) - birthOf(b);

const bornAt = ({ winner, loser }: ConflictRow): number =>
  Math.max(winner.stamp?.at ?? 0, loser.stamp?.at ?? 0);
