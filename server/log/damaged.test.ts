/** Retention over snapshots that are not what they were: what is dropped could never be folded again. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WholeState } from '../../core/index.ts';
import type { SequencedOp, Snapshot, SpaceId } from '../../core/index.ts';
import { openServer } from '../open-server.ts';
import { readParts } from '../snapshots/read-parts.ts';
import type { RetentionStore } from '../store/retention-port.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import type { Store } from '../store/sqlite.ts';
import { openLongLog, READER, S } from '../testing/long-log.ts';
import type { LongLog } from '../testing/long-log.ts';
import { linesOf, snapshotFrom } from '../testing/snapshot-from.ts';
import { createRetention } from './retain.ts';
import { DAY_MS, DEFAULT_RETENTION } from './retention.ts';

let log: LongLog;
beforeEach(async () => {
  log = await openLongLog();
});
afterEach(() => log.app.stop());

/** Two hundred old ops and a hundred younger ones, with a snapshot behind each. */
async function grow(): Promise<void> {
  await log.write(200);
  await log.days(1);
  await log.write(100);
}

function inDatabase<T>(work: (db: Database.Database) => T): T {
  const db = new Database(join(log.app.data, 'offing.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
const ops = () => inDatabase((db) => db.prepare('SELECT count(*) FROM op').pluck().get());
const snapshots = () =>
  inDatabase((db) => db.prepare('SELECT seq FROM snapshot ORDER BY seq').pluck().all());

const everything = async (): Promise<SequencedOp[]> =>
  (await log.ask({ since: 0, limit: 1000 }, READER)).ops as SequencedOp[];

const bootstrapped = (): Promise<Snapshot> => snapshotFrom(log);

/** On the store of a server that is gone, ninety days later. */
async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  await log.app.close();
  const store = openSqliteStore(log.app.data);
  for (let day = 0; day < 90; day++) await store.retention.tick(DAY_MS);
  await work(store);
  store.close();
}

const retentionOver = (store: Store, retention: RetentionStore, damaged: SpaceId[] = []) =>
  createRetention({
    store: retention,
    rules: { ...DEFAULT_RETENTION, buffer: 10 },
    readBack: (space) => readParts(store.snapshots, space),
    onDamage: (space) => damaged.push(space),
    now: () => 0,
    tell() {},
    report() {},
  });

describe('a log whose snapshots are damaged', () => {
  /** Turns a bit in the middle of what is stored of the snapshot at `seq`. */
  function damage(...seqs: readonly number[]): void {
    const db = new Database(join(log.app.data, 'offing.db'));
    for (const seq of seqs) {
      const part = db
        .prepare<[number], { n: number; body: Buffer }>(
          `SELECT part.n, body FROM snapshot_part AS part
           JOIN snapshot ON snapshot.n = part.snapshot WHERE seq = ?`,
        )
        .get(seq);
      if (!part) throw new Error(`no snapshot at ${seq}`);
      const middle = part.body.length >> 1;
      part.body[middle] = (part.body[middle] ?? 0) ^ 1;
      db.prepare('UPDATE snapshot_part SET body = ? WHERE n = ?').run(part.body, part.n);
    }
    db.close();
  }
  const names = () => log.app.reports.map((each) => (each as Error).name);

  it('[RT50] keeps its start until they are made again, and then lets it go', async () => {
    await grow();
    const whole = new WholeState();
    whole.fold(await everything());
    damage(200, 300);
    await log.days(90);
    await log.app.keeper.idle();
    expect(ops()).toBe(300);
    expect(names()).toEqual(['DamagedSnapshotError', 'DamagedSnapshotError']);
    expect(snapshots()).toEqual([300]);
    const snapshot = await bootstrapped();
    expect(linesOf(snapshot, snapshot.header)).toEqual(linesOf(whole, snapshot.header));
    await log.write(100);
    expect(snapshots()).toEqual([300, 400]);
    await log.days(1);
    expect((await log.ask({ since: 400 })).horizon).toBe(290);
  });

  it.each([[200], [300]])('[RT50] is not dropped on the word of the one at %i', async (seq) => {
    await grow();
    await withStore(async (store) => {
      damage(seq);
      const told: SpaceId[] = [];
      const { retain } = retentionOver(store, store.retention, told);
      const held = { verdict: { kind: 'wait', floor: { by: 'damage' } }, removed: 0 };
      expect(await retain(S)).toMatchObject(held);
      expect(told).toEqual([S]);
      expect(ops()).toBe(300);
    });
  });

  it('[RT50] keeps the rows of a drop that was there already', async () => {
    await grow();
    await withStore(async (store) => {
      const dies = { ...store.retention, removeRows: async () => 0 };
      const { retain } = retentionOver(store, dies);
      expect(await retain(S)).toMatchObject({ verdict: { kind: 'drop', through: 190 } });
    });
    damage(200);
    const server = await openServer({ data: log.app.data, retention: { buffer: 10 } });
    await server.retention.retain(S);
    await server.keeper.idle();
    expect(ops()).toBe(301);
    await server.retention.retain(S);
    expect(snapshots()).toEqual([300, 301]);
    expect(ops()).toBe(102);
    await server.close();
  });

  it('[SN50] are found within a day that a server runs, and made again while the log can', async () => {
    await grow();
    damage(200);
    await log.days(1);
    await log.app.keeper.idle();
    expect(names()).toEqual(['DamagedSnapshotError']);
    expect(snapshots()).toEqual([300]);
    await log.write(100);
    expect(snapshots()).toEqual([300, 400]);
  });

  it('[SN50] of a log without its start get another one behind them with its next op', async () => {
    await grow();
    await log.days(90);
    await log.write(100);
    expect(snapshots()).toEqual([300, 401]);
    damage(300);
    await log.days(1);
    await log.app.keeper.idle();
    expect(snapshots()).toEqual([401]);
    await log.write(1);
    expect(snapshots()).toEqual([401, 402]);
  });
});
