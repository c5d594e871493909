/** How a space stands for its retention, and what its log comes to: read, and never written. */
import type Database from 'better-sqlite3';
import type { SpaceId } from '../../core/index.ts';
import type { OpRows } from './op-rows.ts';
import type { LogFigures, RetentionFacts } from './retention-port.ts';
import { createRetentionRows } from './retention-rows.ts';
import type { RetentionRows } from './retention-rows.ts';
import { createSnapshotRows, soundOn } from './snapshot-rows.ts';
import type { StoredSnapshot } from './snapshot-port.ts';
import type { FoundSpace, SpaceRows } from './space-rows.ts';

export interface RetentionFactsRows {
  readonly rows: RetentionRows;
  /** Null for one that is deleted, too. */
  living(id: SpaceId): FoundSpace | null;
  /** The snapshots that lie on the log, the newest first. */
  soundOf(space: FoundSpace, id: SpaceId): readonly StoredSnapshot[];
  /** With `whole`: as if there were no other snapshots than these. */
  factsOf(space: FoundSpace, id: SpaceId, whole?: ReadonlySet<number>): RetentionFacts;
  /** Of every space that is not deleted. */
  figures(): readonly LogFigures[];
}

export function createRetentionFacts(
  db: Database.Database,
  { spaces, ops }: { readonly spaces: SpaceRows; readonly ops: OpRows },
): RetentionFactsRows {
  const rows = createRetentionRows(db);
  const snapshots = createSnapshotRows(db);

  function living(id: SpaceId): FoundSpace | null {
    const space = spaces.find(id);
    return space && !space.isDeleted ? space : null;
  }

  const soundOf = (space: FoundSpace, id: SpaceId): readonly StoredSnapshot[] =>
    soundOn(snapshots.all(space.n, id), (seq) => ops.digestAt(space, seq)).sound;

  function factsOf(space: FoundSpace, id: SpaceId, whole?: ReadonlySet<number>): RetentionFacts {
    const known = soundOf(space, id).filter(({ n }) => whole?.has(n) ?? true);
    const dropped = rows.dropped(space);
    return {
      space,
      dropped,
      served: rows.served(),
      marks: rows.marks(space),
      followers: rows.followers(space),
      snapshots: known.map(({ header }) => header.seq),
      firstWritten: rows.firstWritten(space, dropped),
      serverClock: rows.serverClock(space),
    };
  }

  function figuresOf(id: SpaceId): LogFigures[] {
    const space = living(id);
    if (!space) return [];
    const [newest] = soundOf(space, id);
    return [
      {
        space: id,
        ops: space.head - space.horizon,
        bytes: rows.bytes(space),
        facts: factsOf(space, id),
        snapshotBytes: rows.snapshotBytes(space),
        newestSnapshot: newest ? { seq: newest.header.seq, builtAt: newest.builtAt } : null,
      },
    ];
  }

  return {
    rows,
    living,
    soundOf,
    factsOf,
    figures: () => rows.living().flatMap(figuresOf),
  };
}
