/** Snapshots on SQLite: read by whoever has a connection, written by the one that writes. */
import type Database from 'better-sqlite3';
import type { SpaceId } from '../../core/index.ts';
import { withFaults } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { OpRows } from './op-rows.ts';
import type { Listed, SnapshotSource, SnapshotStore } from './snapshot-port.ts';
import { createSnapshotRows, soundOn } from './snapshot-rows.ts';
import type { FoundSpace, SpaceRows } from './space-rows.ts';

interface Rows {
  readonly spaces: SpaceRows;
  readonly ops: OpRows;
}

/** For a builder: nothing is written through it, so it may be on a connection of its own. */
export function createSqliteSnapshotSource(
  db: Database.Database,
  { spaces, ops }: Rows,
): SnapshotSource {
  const rows = createSnapshotRows(db);
  const living = (id: SpaceId): FoundSpace | null => {
    const space = spaces.find(id);
    return space && !space.isDeleted ? space : null;
  };

  function list(id: SpaceId): Listed {
    const space = living(id);
    if (!space) return { sound: [], damaged: [] };
    return soundOn(rows.all(space.n, id), (seq) => ops.digestAt(space, seq));
  }

  return {
    async space(id) {
      return withFaults(() => living(id));
    },
    async page(id, since, most) {
      return withFaults(() => {
        const space = living(id);
        return space ? ops.page(space, { since, ops: most, bytes: Infinity }) : NO_OPS;
      });
    },
    async list(id) {
      return withFaults(() => list(id));
    },
    async part(snapshot, index) {
      return withFaults(() => rows.part(snapshot, index));
    },
  };
}

const NO_OPS = { ops: [], digest: null };

export function createSqliteSnapshotStore(
  db: Database.Database,
  { spaces, ops, commits }: Rows & { readonly commits: GroupCommit },
): SnapshotStore {
  const rows = createSnapshotRows(db);
  const tailBytes = db
    .prepare<[number, number], number>(
      'SELECT coalesce(sum(octet_length(payload)), 0) FROM op WHERE space = ? AND seq > ?',
    )
    .pluck();

  return {
    ...createSqliteSnapshotSource(db, { spaces, ops }),
    keep: (id, snapshot, builtAt) =>
      commits.run(() => {
        const { seq, digest } = snapshot.header;
        const space = spaces.find(id);
        // It may have been put back meanwhile to where it was before.
        if (!space || space.isDeleted || ops.digestAt(space, seq) !== digest) return false;
        rows.put(space.n, snapshot, builtAt);
        return true;
      }),
    discard: (snapshots) => commits.run(() => snapshots.forEach((n) => rows.remove(n))),
    async tailBytes(id, since) {
      return withFaults(() => {
        const space = spaces.find(id);
        return space ? (tailBytes.get(space.n, since) ?? 0) : 0;
      });
    },
  };
}
