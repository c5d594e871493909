/** What the keeper builds while it rests, and what not; the rest is held in hand here. */
import { setTimeout } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { inDatabaseOf } from '../testing/in-database.ts';
import { listOps } from '../testing/list-ops.ts';
import { actorId, spaceId } from '../testing/log-words.ts';
import { openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import type { Rest } from './rest.ts';

describe('[SN12] while it rests, a server', () => {
  const [BUSY, OTHER] = [spaceId(1), spaceId(2)];
  const A = actorId(1);
  const BOTH = [
    [BUSY, 120],
    [OTHER, 60],
  ];
  let app: TestApp;
  let ann: string;
  let wake: () => void;
  let isFirst: boolean;
  let rests = 0;
  const pushed = new Map<string, number>();
  const rest: Rest = {
    stirred() {},
    after: (_, signal) =>
      new Promise((over) => {
        rests++;
        wake = over;
        signal.addEventListener('abort', () => over());
        if (!isFirst) return;
        isFirst = false;
        over();
      }),
  };
  afterEach(() => app.stop());

  async function push(space: string, count: number): Promise<void> {
    const from = pushed.get(space) ?? 0;
    pushed.set(space, from + count);
    const ops = listOps(from + 1, from + count);
    const body = { [space]: { actor: A, since: 0, create: true, ops, limit: 1 } };
    expect(await app.push(ann, body)).toHaveProperty([space, 'acked'], from + count);
  }

  const bootstrap = (space: string) => app.call(`/sync/bootstrap/${space}`, { token: ann });

  async function newestOf(space: string): Promise<number> {
    const [header = ''] = (await (await bootstrap(space)).text()).split('\n', 1);
    return (JSON.parse(header) as { seq: number }).seq;
  }

  async function open(restsFirst = false): Promise<void> {
    pushed.clear();
    isFirst = !restsFirst;
    app = await openApp({ snapshots: { every: 50, atLeast: 50 }, rest });
    ann = await app.tokenFor('ann');
    await push(BUSY, 60);
  }

  /** With a snapshot of BUSY, after which it rests. */
  async function resting(): Promise<void> {
    await open();
    await app.keeper.idle();
  }

  it('builds nothing at first, when all its devices come back to it', async () => {
    await open(true);
    await setTimeout(300);
    expect(snapshotsKept()).toEqual([]);
    wake();
    await app.keeper.idle();
    expect(snapshotsKept()).toEqual([[BUSY, 60]]);
  });

  const inDatabase = <T>(work: (db: Database.Database) => T): T => inDatabaseOf(app.data, work);

  /** The newest of each space. */
  const snapshotsKept = () =>
    inDatabase((db) =>
      db
        .prepare(
          `SELECT space.id, max(seq) FROM snapshot JOIN space ON space.n = snapshot.space
           GROUP BY space.id ORDER BY space.id`,
        )
        .raw()
        .all(),
    );

  it('builds no other one, and then all that are due', async () => {
    await resting();
    await push(BUSY, 60);
    await push(OTHER, 60);
    let isIdle = false;
    const idle = app.keeper.idle().then(() => (isIdle = true));
    await setTimeout(300);
    expect(isIdle).toBe(false);
    expect(snapshotsKept()).toEqual([[BUSY, 60]]);
    wake();
    // The next is due as well, and rests for the one before.
    await expect.poll(snapshotsKept).toEqual([[BUSY, 120]]);
    wake();
    await idle;
    expect(snapshotsKept()).toEqual(BOTH);
  });

  it('builds for who begins anew', async () => {
    await resting();
    await push(BUSY, 60);
    expect(await newestOf(BUSY)).toBe(60);
    await expect.poll(() => newestOf(BUSY)).toBe(120);
  });

  it('does not make the others wait longer for that', async () => {
    await resting();
    await push(OTHER, 60);
    const before = rests;
    await push(BUSY, 60);
    await bootstrap(BUSY);
    await expect.poll(snapshotsKept).toEqual([[BUSY, 120]]);
    expect(rests).toBe(before);
    wake();
    await app.keeper.idle();
    expect(snapshotsKept()).toEqual(BOTH);
  });

  it('makes again what is damaged', async () => {
    await resting();
    await push(BUSY, 60);
    inDatabase((db) => db.exec("UPDATE snapshot_part SET body = x'00'"));
    app.keeper.damaged(BUSY);
    await app.keeper.idle();
    expect(snapshotsKept()).toEqual([[BUSY, 120]]);
  });

  it('can be stopped', async () => {
    await resting();
    await push(BUSY, 60);
    await setTimeout(50);
  });
});
