import { describe, expect, it } from 'vitest';
import { asClock, asSeq, NO_PROGRESS, type ActorId, type OutboxRow } from '../../core/index.ts';
import type { Epoch, SpaceId } from '../../core/index.ts';
import { nextOps, type Sent, type SentOps } from './next-ops.ts';
import { completeOps } from './own-ops.ts';
import type { ReplicaTx, SpaceRow } from './ports.ts';

const SPACE = 'space' as SpaceId;
const ACTOR = 'actor' as ActorId;
const EPOCH = 'epoch' as Epoch;
const OP = { base: asSeq(0), at: 1, v: 1, payload: '{}' };

const rowOf = (ops: number, i: number): OutboxRow => ({
  row: i + 1,
  space: SPACE,
  actor: ACTOR,
  base: OP.base,
  at: OP.at,
  v: OP.v,
  payloads: Array.from({ length: ops }, () => OP.payload),
  resolves: [],
});

/** An outbox with rows of so many ops each, and what is read of it. */
function outboxOf(sizes: readonly number[]) {
  const rows = sizes.map(rowOf);
  let progress = NO_PROGRESS;
  let read = 0;
  const tx = {
    async rowsOf(_space: SpaceId, limit = Infinity, after = 0) {
      const found = rows.filter(({ row }) => row > after).slice(0, limit);
      read += found.length;
      return found;
    },
    async lastRow() {
      read += 1;
      return rows.at(-1);
    },
    async putRows(put: readonly OutboxRow[]) {
      for (const row of put) rows[row.row - 1] = row;
    },
    async putSpaces([space]: readonly SpaceRow[]) {
      progress = space?.progress ?? progress;
    },
  } as Partial<ReplicaTx> as ReplicaTx;

  const space = () => ({ space: SPACE, actor: ACTOR, epoch: EPOCH, progress }) as SpaceRow;
  const readSince = (before: number) => read - before;
  const next = (before?: Sent) =>
    nextOps(tx, space(), { bytes: Infinity, ops: Infinity, now: 0 }, before);

  return {
    /** The log has these clocks of ours: those of them that were found here, and how many rows were read for it. */
    async find(from: number, to: number) {
      const before = read;
      const clocks = Array.from({ length: to - from + 1 }, (_, i) => asClock(from + i));
      const ops = clocks.map((clock) => ({ seq: asSeq(clock), actor: ACTOR, clock, ...OP }));
      const found = await completeOps(tx, space(), { ops, refused: [] }, asClock(0));
      return { found: found.ok ? found.own.length : 0, read: readSince(before) };
    },
    /** All that was sent is settled, and has yet to come back. */
    settled() {
      progress = { ...progress, acked: progress.sealed };
    },
    write(ops: number) {
      rows.push(rowOf(ops, rows.length));
    },
    /** All requests that it takes, and the rows that each has read. */
    async sendAll() {
      const requests: { ops: SentOps; read: number }[] = [];
      let sent: Sent | undefined;
      do {
        const before = read;
        const { ops, sent: further } = await next(sent);
        requests.push({ ops, read: readSince(before) });
        sent = further;
      } while (sent);
      return requests;
    },
  };
}

const clocksIn = (requests: readonly { ops: SentOps }[]) =>
  requests.flatMap(({ ops }) => ops.map(({ clock }) => clock as number));
const through = (last: number) => Array.from({ length: last }, (_, i) => asClock(i + 1) as number);

describe('the next ops of a space', () => {
  it('[DR77] a backlog of bulks is not read for each request: only the rows that it is of', async () => {
    const requests = await outboxOf(Array.from({ length: 100 }, () => 512)).sendAll();
    expect(clocksIn(requests)).toEqual(through(51_200));
    expect(requests).toHaveLength(103);
    const [first, ...others] = requests.map(({ read }) => read);
    expect(first).toBeLessThanOrEqual(8);
    for (const read of others) expect(read).toBeLessThanOrEqual(2);
  });

  it('[DR77] of single writes a request is full, whatever waits behind it', async () => {
    const requests = await outboxOf(Array.from({ length: 1200 }, () => 1)).sendAll();
    expect(clocksIn(requests)).toEqual(through(1200));
    expect(requests.map(({ ops }) => ops.length)).toEqual([500, 500, 200]);
    for (const { read } of requests) expect(read).toBeLessThanOrEqual(501);
  });

  it('[DR77] bulks behind single writes are not taken for such', async () => {
    const sizes = [1, 1, 1, ...Array.from({ length: 50 }, () => 512)];
    const [first, second] = await outboxOf(sizes).sendAll();
    expect(first?.read).toBeLessThanOrEqual(8);
    expect(second?.read).toBeLessThanOrEqual(2);
  });

  it('[DR77] of what is settled and has only to come back next to nothing is read', async () => {
    const outbox = outboxOf(Array.from({ length: 100 }, () => 512));
    await outbox.sendAll();
    outbox.settled();
    expect(await outbox.sendAll()).toEqual([{ ops: [], read: 1 }]);
    outbox.write(1);
    const [last, ...others] = await outbox.sendAll();
    expect(last?.ops).toMatchObject([{ clock: 51_201 }]);
    expect(others).toEqual([]);
  });

  it('[DR77] what is settled is passed, and no more read behind it than is sent', async () => {
    const outbox = outboxOf(Array.from({ length: 72 }, () => 512));
    await outbox.sendAll();
    outbox.settled();
    for (let i = 0; i < 600; i++) outbox.write(512);
    const [first] = await outbox.sendAll();
    expect(first?.ops).toHaveLength(500);
    // The last of all, those that are passed, and two.
    expect(first?.read).toBeLessThanOrEqual(1 + 72 + 2);
  });

  it('[DR77] what is all with one request is known to be all', async () => {
    for (const sizes of [[500], [250, 250], Array.from({ length: 500 }, () => 1)]) {
      expect(await outboxOf(sizes).sendAll()).toHaveLength(1);
    }
    expect(await outboxOf([501]).sendAll()).toHaveLength(2);
  });
});

describe('own ops in an answer', () => {
  it('[DR77] are found without a look at what waits behind them', async () => {
    const outbox = outboxOf(Array.from({ length: 100 }, () => 512));
    await outbox.sendAll();
    expect(await outbox.find(1, 1000)).toEqual({ found: 1000, read: 8 });
    expect(await outbox.find(1, 10_000)).toEqual({ found: 10_000, read: 20 });
    expect((await outbox.find(1, 51_200)).found).toBe(51_200);
  });

  it('[SE14] are found as far as a copy of the device has brought what has no clock here yet', async () => {
    for (const sizes of [Array.from({ length: 1200 }, () => 1), [1, 1, 1, 512, 1, 512, 512]]) {
      const ops = sizes.reduce((sum, size) => sum + size, 0);
      expect(await outboxOf(sizes).find(1, ops)).toMatchObject({ found: ops });
    }
  });

  it('[DR77] [SE14] nor is more read of what has no clock here yet than the log has of it', async () => {
    const { found, read } = await outboxOf(Array.from({ length: 1200 }, () => 1)).find(1, 5);
    expect(found).toBe(5);
    expect(read).toBeLessThanOrEqual(8);
  });
});
