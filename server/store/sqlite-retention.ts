/** Retention on SQLite: drops are appended and rows removed in the transactions that requests share. */
import type Database from 'better-sqlite3';
import { asSeq, SERVER_ACTOR } from '../../core/index.ts';
import type { Seq, SpaceId } from '../../core/index.ts';
import type { ActorRows } from './actor-rows.ts';
import { withFaults } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { OpRows } from './op-rows.ts';
import type { Remembered } from './remembered.ts';
import { createRetentionFacts } from './retention-facts.ts';
import type { DropWrite, RetentionStore } from './retention-port.ts';
import type { FoundSpace, SpaceRows } from './space-rows.ts';

interface Parts {
  readonly spaces: SpaceRows;
  readonly actors: ActorRows;
  readonly ops: OpRows;
  readonly commits: GroupCommit;
  readonly remembered: Remembered;
}

export function createSqliteRetentionStore(
  db: Database.Database,
  { spaces, actors, ops, commits, remembered }: Parts,
): RetentionStore {
  const { rows, living, soundOf, damagedOf, factsOf } = createRetentionFacts(db, { spaces, ops });
  let served = rows.served();

  function append(space: FoundSpace, { row, through }: DropWrite, seen: number): void {
    const account = rows.owner(space);
    if (account === null) throw new Error(`space ${space.n} has no owner`);
    const { clock: last } = row;
    const server = { account, last, cursor: null, pushedFrom: last, seen };
    ops.append(space, actors.put(space.n, SERVER_ACTOR, server).n, row);
    spaces.moveHead(space, row.seq, row.digest);
    rows.setDropped(space, through);
  }

  /** Through where the next rows may go: there has to be a snapshot from which a device can begin. */
  function nextThrough(space: FoundSpace, id: SpaceId, most: number): Seq | null {
    const through = Math.min(rows.dropped(space), space.horizon + most);
    if (through <= space.horizon) return null;
    return soundOf(space, id).some(({ header }) => header.seq >= through) ? asSeq(through) : null;
  }

  return {
    served: () => served,
    async tick(ms) {
      served = await commits.run(() => rows.tick(ms));
    },
    async living() {
      return withFaults(() => rows.living());
    },
    async damaged(id) {
      return withFaults(() => {
        const space = living(id);
        return space ? damagedOf(space, id) : [];
      });
    },
    async due(markedBy) {
      return withFaults(() => rows.due(markedBy));
    },
    async drop(id, decide) {
      const reply = await commits.run(() => {
        const space = living(id);
        if (!space) return null;
        const plan = decide(factsOf(space, id));
        if (plan.drop) append(space, plan.drop, rows.served());
        return plan.reply;
      });
      remembered.forgetSpace(id);
      return reply;
    },
    async removeRows(id, { most, hashOf }) {
      const removed = await commits.run(() => {
        const space = living(id);
        const through = space && nextThrough(space, id, most);
        return space && through !== null ? rows.remove(space, through, hashOf) : 0;
      });
      remembered.forgetSpace(id);
      return removed;
    },
  };
}
