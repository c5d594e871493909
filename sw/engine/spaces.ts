/** The device's rows for spaces: how one begins, and which ones the registry says to follow. */
import {
  asClock,
  EMPTY_DIGEST,
  firstRowOf,
  FIRST_SEQ,
  nextGeneration,
  uuidV7,
  visibleFields,
  isBack,
  isSpaceId,
  type ActorId,
  type Epoch,
  type SpaceId,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import {
  StorageError,
  type Meta,
  type Ports,
  type ReplicaTx,
  type Session,
  type SpaceRow,
  type StoredRecord,
} from './ports.ts';

type Identity = Pick<Ports, 'clock' | 'random'>;

export const newId = ({ clock, random }: Identity): string => uuidV7(clock.now(), random.bytes(10));

/** A new actor: one replica of one space in this database. */
export const newActor = (ports: Identity): ActorId => newId(ports) as ActorId;

export interface NewSpace {
  readonly space: SpaceId;
  /** Made here: the server is asked to make it when it does not know it. */
  readonly create: boolean;
  readonly followed: boolean;
}

/** The generation of the log that what is here is of. */
export const epochOf = ({ epoch, filling }: SpaceRow): Epoch | undefined =>
  epoch ?? filling?.of?.epoch;

/** How long a space that takes no ops is pulled alone before it is offered them again. */
export const PULL_ONLY_MS = 60_000;

/** Whether its ops are held back. A clock that was set back must not lengthen that. */
export const isHeldBack = ({ pullOnlyUntil: until = 0 }: SpaceRow, now: number): boolean =>
  now < until && until <= now + PULL_ONLY_MS;

/** A space of which nothing is known here yet, with an actor of its own. */
export function newSpaceRow(ports: Identity, { space, create, followed }: NewSpace): SpaceRow {
  return {
    space,
    actor: newActor(ports),
    progress: { sealed: asClock(0), acked: asClock(0), folded: asClock(0) },
    cursor: FIRST_SEQ,
    digest: EMPTY_DIGEST,
    head: FIRST_SEQ,
    access: 'write',
    create,
    followed,
    pending: 0,
  };
}

/** The database's owner; a database without one gets a home of its own, known to no server. */
export async function ensureMeta(
  ports: Identity,
  tx: ReplicaTx,
  { config, replica, salvaged }: Session,
): Promise<Meta> {
  const known = await tx.meta();
  // Also one that could not be closed: it could not be read either when that was decided.
  if (known && (known.isClosed || (known.generation ?? 0) <= (salvaged?.generation ?? -1)))
    throw new StorageError('failed', { cause: new Error('It is being deleted.') });
  if (known) return known;
  const generation = nextGeneration(config?.name ?? '', replica);
  const meta: Meta = { home: newId(ports) as SpaceId, generation };
  await tx.putMeta(meta);
  // After one that was lost: pages may still wait for what became of its rows.
  if (generation > 0) await tx.beginRowsAt(firstRowOf(generation));
  await tx.putSpaces([newSpaceRow(ports, { space: meta.home, create: false, followed: true })]);
  return meta;
}

/** The person has seen it. Of a space that is yet to be begun anew there is more to come. */
export async function forgetAway(tx: ReplicaTx): Promise<void> {
  const spaces = await tx.spaces();
  const seen = spaces.filter(({ away }) => away && isBack(away));
  await tx.putSpaces(seen.map(({ away: _, ...row }) => row));
}

/** Follows the spaces whose registry records changed in this draft. */
export const followRegistry = (
  ports: Identity,
  draft: Draft,
  home: SpaceId,
  registry: string | undefined,
): Promise<void> =>
  followNamed(ports, draft, { home, registry, records: draft.changedRecords(home) });

interface Naming {
  readonly home: SpaceId;
  readonly registry: string | undefined;
  /** Of the home. */
  readonly records: Iterable<StoredRecord>;
}

/**
 * Follows the spaces that these records name, if they are the registry's: those that are visible now. A
 * space whose record is gone keeps its rows, and what is pending in it is still sent.
 */
export async function followNamed(
  ports: Identity,
  draft: Draft,
  { home, registry, records }: Naming,
): Promise<void> {
  for (const record of records) {
    // The home is followed whatever a record says: without it nothing would ever be mended.
    if (record.collection !== registry || !isSpaceId(record.id) || record.id === home) continue;
    await draft.loadSpaces([record.id]);
    const followed = visibleFields(record.rebased ?? record.confirmed) !== undefined;
    const known = draft.space(record.id);
    if (known) {
      if (known.followed !== followed) draft.putSpace({ ...known, followed });
    } else if (followed) {
      // A record that only this device knows of names a space that only this device can have made.
      const create = record.confirmed === undefined;
      draft.putSpace(newSpaceRow(ports, { space: record.id, create, followed }));
    }
  }
}

/**
 * Ops of the log that are not here, ops of ours that are not there, or a space never asked about. One
 * whose ops are held back is pulled like any other.
 */
export function hasMore({
  trouble,
  pullOnlyUntil,
  followed,
  head,
  cursor,
  epoch,
  pending,
  filling,
}: SpaceRow): boolean {
  // What is being filled is fetched in another way.
  const isBehind = followed && !filling && (head > cursor || epoch === undefined);
  return trouble === undefined ? pending > 0 || isBehind : pullOnlyUntil !== undefined && isBehind;
}
