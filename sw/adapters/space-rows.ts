/**
 * The rows of spaces in one transaction. How many ops are pending in a space is told by two numbers, of
 * which each has its writers: those accepted are counted in the replica's own row, which whoever accepts
 * puts in any case, and those that are gone in the row of the space, as is all else that an answer changes.
 */
import type { SpaceId } from '../../core/index.ts';
import type { SpaceRow } from '../engine/ports.ts';
import type { IdbTable } from './idb-tables.ts';
import { knownRows } from './known-rows.ts';
import type { Own } from './own-row.ts';

/** As it lies there. */
export type StoredSpace = Omit<SpaceRow, 'pending'> & {
  /** How many of the accepted ops are not pending any more. */
  readonly gone: number;
};

export function createSpaceRows(table: IdbTable<StoredSpace, SpaceId>, own: Own) {
  const rows = knownRows(table, ({ space }) => space);

  async function put({ pending, ...row }: SpaceRow): Promise<void> {
    const [found, accepted] = await Promise.all([rows.get(row.space), own.acceptedIn(row.space)]);
    if (found && isSame(row, found)) {
      if (pending !== accepted - found.gone) own.countAccepted(row.space, pending + found.gone);
      return;
    }
    const isCounted = own.isToBePut;
    if (isCounted) own.countAccepted(row.space, pending);
    rows.put([{ ...row, gone: isCounted ? 0 : accepted - pending }]);
  }

  return {
    async get(space: SpaceId): Promise<SpaceRow | undefined> {
      const [found, accepted] = await Promise.all([rows.get(space), own.acceptedIn(space)]);
      return found && spaceRowOf(found, accepted);
    },
    async all(): Promise<SpaceRow[]> {
      const found = await rows.all();
      return Promise.all(
        found.map(async (row) => spaceRowOf(row, await own.acceptedIn(row.space))),
      );
    },
    async put(changed: readonly SpaceRow[]): Promise<void> {
      for (const row of changed) await put(row);
    },
    async delete(space: SpaceId): Promise<void> {
      rows.delete([space]);
      if ((await own.acceptedIn(space)) !== 0) own.countAccepted(space, 0);
    },
  };
}

export const spaceRowOf = ({ gone, ...row }: StoredSpace, accepted: number): SpaceRow => ({
  ...row,
  pending: accepted - gone,
});

/** Whether all of it is what it was read as. */
function isSame(row: Omit<SpaceRow, 'pending'>, { gone: _, ...found }: StoredSpace): boolean {
  const [now, before] = [Object.entries(row), new Map<string, unknown>(Object.entries(found))];
  return now.length === before.size && now.every(([name, value]) => before.get(name) === value);
}
