/** Retention on SQLite: drops are appended and rows removed in the transactions that requests share. */
import type Database from 'better-sqlite3';
import { asSeq, SERVER_ACTOR } from '../../core/index.ts';
import type { Seq, SpaceId } from '../../core/index.ts';
import type { ActorRows } from './actor-rows.ts';
import { withFaults } from './database.ts';
import { OwnerlessSpaceError } from './faults.ts';
import type { GroupCommit } from './group-commit.ts';
import type { OpRows } from './op-rows.ts';
import type { Remembered } from './remembered.ts';
import { createRetentionFacts } from './retention-facts.ts';
import type { DropWrite, RetentionStore, RowRemoval } from './retention-port.ts';
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
  const { rows, living, soundOf, factsOf } = createRetentionFacts(db, { spaces, ops });
  let served = rows.served();

  function append(space: FoundSpace, id: SpaceId, { row, through }: DropWrite): void {
    const [account, seen] = [rows.owner(space), rows.served()];
    if (account === null) throw new OwnerlessSpaceError(id);
    const { clock: last } = row;
    const server = { account, last, cursor: null, pushedFrom: last, seen };
    const found = actors.find(space.n, SERVER_ACTOR);
    ops.append(space, actors.put(space.n, SERVER_ACTOR, server, found).n, row);
    spaces.moveHead(space, row.seq, row.digest);
    rows.setDropped(space, through);
  }

  /**
   * Through where the next rows may go: there has to be a snapshot from which a device can begin, and
   * the one that it can be made from again.
   */
  function nextThrough(
    space: FoundSpace,
    id: SpaceId,
    { most, whole }: Pick<RowRemoval, 'most' | 'whole'>,
  ): Seq | null {
    const through = Math.min(rows.dropped(space), space.horizon + most);
    if (through <= space.horizon) return null;
    const [, before] = soundOf(space, id).filter(({ n }) => whole.has(n));
    return before && before.header.seq >= through ? asSeq(through) : null;
  }

  return {
    served: () => served,
    async tick(ms) {
      served = await commits.run(() => rows.tick(ms));
    },
    async due(markedBy) {
      return withFaults(() => rows.due(markedBy));
    },
    async living() {
      return withFaults(() => rows.living());
    },
    async facts(id) {
      return withFaults(() => {
        const space = living(id);
        return space && factsOf(space, id);
      });
    },
    async drop(id, whole, decide) {
      const reply = await commits.run(() => {
        const space = living(id);
        if (!space) return null;
        const plan = decide(factsOf(space, id, whole));
        if (plan.drop) append(space, id, plan.drop);
        return plan.reply;
      });
      remembered.forgetSpace(id);
      return reply;
    },
    async removeRows(id, { most, whole, hashOf }) {
      const removed = await commits.run(() => {
        const space = living(id);
        const through = space && nextThrough(space, id, { most, whole });
        return space && through !== null ? rows.remove(space, through, hashOf) : 0;
      });
      remembered.forgetSpace(id);
      return removed;
    },
  };
}
