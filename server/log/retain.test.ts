/** Retention over a whole server: logs that grow old, and what is still answered about them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  asClock,
  asSeq,
  encodeDrop,
  fromHex,
  SERVER_ACTOR,
  WholeState,
  type SequencedOp,
  type Snapshot,
} from '../../core/index.ts';
import { openServer } from '../open-server.ts';
import { readParts } from '../snapshots/read-parts.ts';
import { backUp } from '../store/backup.ts';
import { openReader } from '../store/database.ts';
import type { Facts } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { verifyDatabase } from '../store/verify.ts';
import { op, voided } from '../testing/log-words.ts';
import { openLongLog, READER, S, WRITER } from '../testing/long-log.ts';
import type { LongLog } from '../testing/long-log.ts';
import { linesOf, snapshotFrom } from '../testing/snapshot-from.ts';
import { answerIn, answersOf, errorIn } from '../testing/open-app.ts';
import { digestAfter, sha256 } from './op-hash.ts';
import { DAY_MS, DEFAULT_RETENTION, retentionOf } from './retention.ts';

let log: LongLog;
let now: number;
beforeEach(async () => {
  now = 1_763_650_000_000;
  log = await openLongLog({ now: () => now });
});
afterEach(() => log.app.stop());

/** Two hundred old ops and a hundred younger ones, with a snapshot behind each. */
async function grow(): Promise<void> {
  const tent = { collection: 'items', id: 'tent' };
  await log.write(98, [
    { kind: 'put', ...tent, new: true, fields: { title: 'Tent' } },
    { kind: 'delete', ...tent },
  ]);
  await log.write(100);
  await log.days(1);
  await log.write(100);
}

const look = <T>(work: (db: Database.Database) => T): T => {
  const db = openReader(join(log.app.data, 'offing.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
};
const count = (table: string) =>
  look((db) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get());
const pull = async (since: number): Promise<SequencedOp[]> => {
  const { ops } = await log.ask({ since, limit: 1000 }, READER);
  return ops as SequencedOp[];
};

const bootstrapped = (): Promise<Snapshot> => snapshotFrom(log);

describe('a log that grows old', () => {
  it('[RT1] [RT4] [RT28] is dropped by an op of the server, and its rows go behind that', async () => {
    await grow();
    await log.days(89);
    expect(await log.head()).toBe(300);
    await log.days(1);
    const { ops, head, horizon } = await log.ask({ since: 190 });
    expect({ head, horizon }).toEqual({ head: 301, horizon: 190 });
    expect(ops.map(({ seq }) => seq)).toEqual(Array.from({ length: 111 }, (_, i) => 191 + i));
    expect(ops.at(-1)).toMatchObject({
      actor: SERVER_ACTOR,
      clock: 1,
      base: 300,
      v: 3,
      payload: '{"do":[{"kind":"drop","through":190}]}',
    });
    expect(count('op')).toBe(111);
    expect(log.app.reports).toEqual([]);
  });

  it('[RT4] [OPS16] [LG24] is a whole chain from its horizon on, for a check, a backup and a restart', async () => {
    await grow();
    await log.days(90);
    expect(look((db) => verifyDatabase(db, sha256))).toMatchObject({ ops: 111 });
    const to = join(log.app.data, 'backups');
    mkdirSync(to);
    expect(await backUp(log.app.data, join(to, 'one.db'))).toMatchObject({ ops: 111 });
    await log.app.close();
    const server = await openServer({ data: log.app.data });
    const response = await server.app.request(`/sync/pull?since=${S}:190`, {
      headers: { Authorization: `Bearer ${log.token}` },
    });
    expect(answerIn(answersOf(await response.json()), S).ops).toHaveLength(111);
    await server.close();
  });

  it('[RT30] is the same to whoever is still served, and to whoever begins anew', async () => {
    await grow();
    const before = await Promise.all([0, 190, 250].map(pull));
    await log.days(90);
    const drop = (await pull(300))[0] as SequencedOp;
    const states = await Promise.all(
      [190, 250].map(async (since) => {
        const state = new WholeState();
        state.fold((before[0] ?? []).filter(({ seq }) => seq <= since));
        state.fold(await pull(since));
        return state;
      }),
    );
    const whole = new WholeState();
    whole.fold([...(before[0] ?? []), drop]);
    const snapshot = await bootstrapped();
    const anew = new WholeState(snapshot);
    anew.fold(await pull(anew.seq));
    for (const state of [...states, anew]) {
      expect(state.seq).toBe(301);
      expect(linesOf(state, snapshot.header)).toEqual(linesOf(whole, snapshot.header));
    }
    // Of those that were deleted by then.
    const kept = new WholeState();
    kept.fold(before[0] ?? []);
    expect(kept.records.size).toBe(whole.records.size + 1);
  });

  it('[LG8] [RT5] turns away who is behind its horizon, and who begins anew is served', async () => {
    await grow();
    await log.days(90);
    const answers = await log.app.push(log.token, { [S]: { actor: READER, since: 189 } });
    expect(errorIn(answers, S)).toMatchObject({ code: 'cursor_expired', horizon: 190 });
    expect((await bootstrapped()).header.seq).toBeGreaterThanOrEqual(190);
  });

  it('[RT5] [RT26] waits for a follower within its lease, which any exchange renews', async () => {
    await log.write(100);
    await log.follow(READER);
    await log.write(100);
    await log.days(1);
    await log.write(100);
    await log.days(60);
    // Polls, and nothing else: it is slow, and still there.
    await log.ask({ since: 100, limit: 1 }, READER);
    await log.days(60);
    expect((await log.ask({ since: 90 })).horizon).toBe(90);
    await log.days(29);
    expect((await log.ask({ since: 90 })).horizon).toBe(90);
    await log.days(1);
    expect((await log.ask({ since: 190 })).horizon).toBe(190);
  });

  it('[RT31] no jump of the clock makes it any older, nor does time in which no server runs', async () => {
    await grow();
    now += 1000 * 365 * DAY_MS;
    await log.days(1);
    await log.app.retention.retain(S);
    await log.app.close();
    const server = await openServer({ data: log.app.data, retention: { buffer: 10 } });
    await server.retention.tick(DAY_MS);
    await server.retention.retain(S);
    expect(look((db) => db.prepare('SELECT max(horizon) FROM space').pluck().get())).toBe(0);
    expect(count('op')).toBe(300);
    await server.close();
  });

  it('[RT51] the time since the last tick counts when a server stops', async () => {
    await log.app.close();
    const served = () => look((db) => db.prepare('SELECT ms FROM served_time').pluck().get());
    const before = Number(served());
    const began = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(began);
    const server = await openServer({ data: log.app.data });
    clock.mockReturnValue(began + 9 * 60_000 + 0.5);
    await server.close();
    const again = await openServer({ data: log.app.data });
    // Longer than a tick it cannot have been: of that the timer knows.
    clock.mockReturnValue(began + 1000 * 60_000);
    await again.close();
    clock.mockRestore();
    expect(Number(served()) - before).toBe(19 * 60_000);
  });

  it('[RT29] an idle log gets one drop, and then no more', async () => {
    await grow();
    await log.days(300);
    const { head, horizon } = await log.ask({ since: 290 });
    expect({ head, horizon }).toEqual({ head: 301, horizon: 190 });
  });

  it('[RT4] goes on with the rows where a server died behind its drop', async () => {
    await grow();
    const { store, drop } = await beforeDrop();
    expect(await drop()).toMatchObject({ kind: 'drop', through: 190 });
    store.close();
    const server = await openServer({ data: log.app.data, retention: { buffer: 10 } });
    expect(count('op')).toBe(301);
    await server.retention.tick(1);
    expect(count('op')).toBe(111);
    expect(look((db) => verifyDatabase(db, sha256))).toMatchObject({ ops: 111 });
    await server.close();
  });

  it('[RT28] [LG27] keeps its rows, dropped or not, where no snapshot could be begun from', async () => {
    await grow();
    const { id: account } = await log.app.accounts.named('ann');
    const { store, drop } = await beforeDrop();
    const asked = { space: S, account, actor: null, since: asSeq(0), clocks: [] };
    const head = async () => {
      const decide = ({ space }: Facts) => ({ writes: null, page: null, reply: space?.head });
      return (await store.log.exchange(asked, decide)).reply;
    };
    expect(await head()).toBe(300);
    await drop();
    expect(await head()).toBe(301);
    const { sound } = await store.snapshots.list(S);
    await store.snapshots.discard(sound.map(({ n }) => n));
    const removal = { most: 500, hashOf: () => '00', whole: new Set(sound.map(({ n }) => n)) };
    expect(await store.retention.removeRows(S, removal)).toBe(0);
    expect(count('op')).toBe(301);
    store.close();
  });
});

/** The store of a server that is gone, ninety days later; `drop` puts a drop into the log, and no row goes. */
async function beforeDrop() {
  await log.app.close();
  const store = openSqliteStore(log.app.data);
  for (let day = 0; day < 90; day++) await store.retention.tick(DAY_MS);
  const { whole } = await readParts(store.snapshots, S);
  const drop = () =>
    store.retention.drop(S, whole, (facts) => {
      const reply = retentionOf(facts, { ...DEFAULT_RETENTION, buffer: 10 });
      const { space } = facts;
      const payload = encodeDrop(asSeq(190));
      const own = {
        actor: SERVER_ACTOR,
        clock: asClock(1),
        base: space.head,
        at: 0,
        v: 3,
        payload,
      };
      const digest = digestAfter(fromHex(space.digest), own);
      const row = { ...own, seq: asSeq(space.head + 1), hash: null, digest };
      return { reply, drop: { row, through: asSeq(190) } };
    });
  return { store, drop };
}

describe('an op whose row is gone', () => {
  const again = (ops: readonly unknown[]) =>
    log.app.push(log.token, { [S]: { actor: WRITER, since: 301, ops } });

  it('[RT6] [LG2] is told from a fork as long as its actor has not pushed from a higher clock', async () => {
    await log.write(150);
    await log.write(50);
    await log.days(1);
    await log.write(100);
    await log.days(90);
    expect((await log.ask({ since: 190 })).horizon).toBe(190);
    // The last push began with clock 201: what lies below it was heard.
    expect(count('gone')).toBe(0);
    expect(errorIn(await again([log.sent[150]]), S)).toMatchObject({ code: 'actor_forked' });
  });

  // By the earlier clock the server has set back the time of each.
  const clocks = [500, 1_763_650_000_000];
  it.each(clocks)(
    '[RT6] [LG3] [LG7] that may not have been heard is a repetition, at %i',
    async (at) => {
      now = at;
      await log.write(200);
      await log.days(1);
      // The answers get lost, and others go on.
      for (const part of [0, 1]) {
        const ops = Array.from({ length: 50 }, (_, i) => op(50 * part + i + 1, { at: 100 }));
        await log.ask({ since: 200, ops, acksOnly: true }, READER);
        await log.app.keeper.idle();
      }
      await log.days(90);
      expect((await log.ask({ since: 200 })).horizon).toBe(200);
      const { sent } = log;
      expect(count('gone')).toBe(200);
      expect(answerIn(await again(sent.slice(0, 200)), S)).toMatchObject({ acked: 200, head: 301 });
      expect(answerIn(await again([sent[0], sent[199]]), S)).toMatchObject({ acked: 200 });
      const other = { ...sent[5], payload: 'other' };
      expect(errorIn(await again([other]), S)).toEqual({ code: 'actor_forked', clock: 6 });
      expect(answerIn(await again([voided(6)]), S)).toMatchObject({ taken: [6] });
      // It goes on behind them: from then on it has heard.
      await again([sent[180], op(201)]);
      expect(count('gone')).toBe(20);
      await again([op(202)]);
      expect(count('gone')).toBe(0);
    },
  );
});
