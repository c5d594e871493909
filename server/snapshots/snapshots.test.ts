/** Snapshots of a whole server: built by its thread, kept in its file, read over its app. */
import { gunzipSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asSeq, createSnapshotReader, EMPTY_DIGEST, snapshotLines } from '../../core/index.ts';
import { WholeState } from '../../core/index.ts';
import type { Snapshot } from '../../core/index.ts';
import { openServer } from '../open-server.ts';
import { inDatabaseOf } from '../testing/in-database.ts';
import { listOps } from '../testing/list-ops.ts';
import { actorId, spaceId } from '../testing/log-words.ts';
import { answerIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

const S = spaceId(1);
const A = actorId(1);

let app: TestApp;
let ann: string;
let pushed = 0;
beforeEach(async () => {
  app = await openApp({ snapshots: { every: 50, atLeast: 50 } });
  ann = await app.tokenFor('ann');
  pushed = 0;
});
afterEach(() => app.stop());

/** Adds ops to the log, and waits for what is built upon it. */
async function push(count: number) {
  const ops = listOps(pushed + 1, (pushed += count));
  const answer = answerIn(
    await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops, limit: 1 } }),
    S,
  );
  await app.keeper.idle();
  return answer;
}

const bootstrap = (query = '', headers: Record<string, string> = {}, token = ann) =>
  app.call(`/sync/bootstrap/${S}${query}`, { token, headers });

function read(text: string): Snapshot {
  const reader = createSnapshotReader();
  for (const line of text.split('\n').slice(0, -1)) reader.add(line);
  const end = reader.end();
  if (!end.ok) throw new Error(end.fault);
  return end.snapshot;
}
const bootstrapped = async () => read(await (await bootstrap()).text());

/** What the log itself folds to, up to `seq`. */
async function replayed(seq: number) {
  const state = new WholeState();
  while (state.seq < seq) {
    const response = await app.call(`/sync/pull?since=${S}:${state.seq}&limit=${seq - state.seq}`, {
      token: ann,
    });
    const body = (await response.json()) as { spaces: Record<string, { ops: never[] }> };
    state.fold(body.spaces[S]?.ops ?? []);
  }
  return state;
}

/** All that a state says, in an order of its own. */
const linesOf = ({ records, conflicts, malformed, actors }: WholeState | Snapshot) =>
  [
    ...snapshotLines({
      header: {
        space: S,
        epoch: 'e' as never,
        seq: asSeq(1),
        digest: EMPTY_DIGEST,
        horizon: asSeq(0),
      },
      records,
      conflicts,
      malformed,
      actors,
    }),
  ].sort();

const inDatabase = <T>(work: (db: Database.Database) => T): T => inDatabaseOf(app.data, work);
const seqsKept = () =>
  inDatabase((db) => db.prepare('SELECT seq FROM snapshot ORDER BY seq').pluck().all());

describe('a snapshot', () => {
  it('[SN1] is what the log folds to, also upon an earlier one', async () => {
    await push(60);
    const first = await bootstrapped();
    expect(first.header).toMatchObject({ seq: 60, records: 20, actors: 1 });
    expect(linesOf(first)).toEqual(linesOf(await replayed(60)));
    await push(70);
    const second = await bootstrapped();
    expect(second.header.seq).toBe(130);
    expect(second.conflicts.size).toBeGreaterThan(0);
    expect(linesOf(second)).toEqual(linesOf(await replayed(130)));
    const { digest } = await push(1);
    const tail = await app.call(
      `/sync/pull?since=${S}:130:${second.header.epoch}:${second.header.digest}`,
      {
        token: ann,
      },
    );
    expect(await tail.json()).toMatchObject({ spaces: { [S]: { ops: [{ seq: 131 }] } } });
    expect(digest).toBeDefined();
  });

  it('[SN2] is there once the log has grown enough, and again when it has grown as much', async () => {
    await push(49);
    expect((await bootstrapped()).header.seq).toBe(0);
    await push(1);
    expect(seqsKept()).toEqual([50]);
    await push(49);
    expect(seqsKept()).toEqual([50]);
    await push(1);
    expect(seqsKept()).toEqual([50, 100]);
  });

  it('[SN2] is there earlier where the tail is more than the state', async () => {
    await app.stop();
    app = await openApp({ snapshots: { every: 1000, atLeast: 20 } });
    ann = await app.tokenFor('ann');
    await push(30);
    expect(seqsKept()).toEqual([30]);
    await push(20);
    expect(seqsKept()).toEqual([30]);
    // Each only says again what the state says already.
    for (let i = 0; i < 3; i++) await push(60);
    expect(seqsKept().length).toBe(2);
  });

  it('[SN2] is not made at all where that is switched off', async () => {
    await app.stop();
    app = await openApp({ snapshots: { every: 0 } });
    ann = await app.tokenFor('ann');
    await push(300);
    await bootstrap();
    await app.keeper.idle();
    expect(seqsKept()).toEqual([]);
  });

  it('[SN5] reads the same compressed and not', async () => {
    await push(60);
    const plain = await bootstrap();
    expect(plain.headers.get('Content-Encoding')).toBeNull();
    const text = await plain.text();
    const zipped = await bootstrap('', { 'Accept-Encoding': 'gzip, br' });
    expect(zipped.headers.get('Content-Encoding')).toBe('gzip');
    const bytes = Buffer.from(await zipped.arrayBuffer());
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect(bytes.length).toBeLessThan(text.length / 2);
    expect(Number(plain.headers.get('Content-Length'))).toBe(Buffer.byteLength(text));
    const [header = ''] = text.split('\n', 1);
    expect(JSON.parse(header).bytes).toBe(Buffer.byteLength(text) - header.length - 1);
  });

  it('[SN6] goes on from any byte, compressed or not', async () => {
    await push(60);
    const whole = Buffer.from(await (await bootstrap()).arrayBuffer());
    const { epoch, seq } = (await bootstrapped()).header;
    for (const offset of [0, 1, 100, 400, whole.length - 1, whole.length]) {
      const named = `?epoch=${epoch}&seq=${seq}&offset=${offset}`;
      const plain = await bootstrap(named);
      expect(Buffer.from(await plain.arrayBuffer())).toEqual(whole.subarray(offset));
      expect(plain.headers.get('Cache-Control')).toContain('immutable');
      const zipped = await bootstrap(named, { 'Accept-Encoding': 'gzip' });
      expect(gunzipSync(await zipped.arrayBuffer())).toEqual(whole.subarray(offset));
    }
  });

  it('[SN6] that is not here any more is told from others', async () => {
    await push(60);
    const { epoch } = (await bootstrapped()).header;
    for (const named of [`epoch=${epoch}&seq=59&offset=0`, 'epoch=e0&seq=60&offset=0']) {
      const response = await bootstrap(`?${named}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'no_such_snapshot' });
    }
    for (const wrong of ['?seq=60', '?epoch=e&seq=60&offset=-1', '?epoch=e&seq=x&offset=1']) {
      const response = await bootstrap(wrong);
      expect(await response.json()).toMatchObject({ status: 400, code: 'bad_request' });
    }
  });

  it('[WI16] [SN7] is asked for by its tag, and in ranges', async () => {
    await push(60);
    const whole = await bootstrap();
    const text = Buffer.from(await whole.arrayBuffer());
    const { epoch } = (await bootstrapped()).header;
    const tag = whole.headers.get('ETag') ?? '';
    expect(tag).toBe(`"${epoch}-60"`);
    expect(whole.headers.get('Cache-Control')).toBe('private, no-cache');
    expect((await bootstrap('', { 'If-None-Match': tag })).status).toBe(304);
    const zipped = await bootstrap('', { 'Accept-Encoding': 'gzip', 'If-None-Match': tag });
    expect(zipped.status).toBe(200);
    expect(zipped.headers.get('ETag')).toBe(`"${epoch}-60-gzip"`);
    const part = await bootstrap('', { Range: 'bytes=100-199', 'If-Range': tag });
    expect(part.status).toBe(206);
    expect(part.headers.get('Content-Range')).toBe(`bytes 100-199/${text.length}`);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(text.subarray(100, 200));
    const beyond = await bootstrap('', { Range: `bytes=${text.length}-` });
    expect([beyond.status, beyond.headers.get('Content-Range')]).toEqual([
      416,
      `bytes */${text.length}`,
    ]);
    await push(50);
    const newer = await bootstrap('', { Range: 'bytes=100-199', 'If-Range': tag });
    expect([newer.status, newer.headers.get('ETag')]).toEqual([200, `"${epoch}-110"`]);
  });

  it('[SN8] is one of the new epoch after a restore', async () => {
    await push(60);
    const before = await bootstrapped();
    await app.close();
    const { run } = await import('../cli/run.ts');
    await run(['epoch', 'new', '--data', app.data]);
    const again = await openServer({ data: app.data });
    const response = await again.app.request(`/sync/bootstrap/${S}`, {
      headers: { Authorization: `Bearer ${ann}` },
    });
    const after = read(await response.text());
    await again.close();
    expect(after.header.seq).toBe(60);
    expect(after.header.epoch).not.toBe(before.header.epoch);
    expect(linesOf(after)).toEqual(linesOf(before));
  });

  it('[SN10] that is being built ends with the server, without a word', async () => {
    await app.stop();
    let begun = false;
    app = await openApp({
      snapshots: { every: 50, atLeast: 50 },
      build: (_, signal) =>
        new Promise((_resolve, reject) => {
          begun = true;
          signal.addEventListener('abort', () => reject(new Error('ended')));
        }),
    });
    ann = await app.tokenFor('ann');
    const ops = listOps(1, 60);
    await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops } });
    await expect.poll(() => begun).toBe(true);
    await app.close();
    expect(app.reports).toEqual([]);
    expect(seqsKept()).toEqual([]);
  });

  it('[SN11] is for those alone who may read its space', async () => {
    await push(60);
    const bob = await app.tokenFor('bob');
    const { epoch } = (await bootstrapped()).header;
    for (const query of ['', `?epoch=${epoch}&seq=60&offset=0`]) {
      const response = await bootstrap(query, {}, bob);
      expect(await response.json()).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await app.call(`/sync/bootstrap/${S}`)).status).toBe(401);
  });
});

describe('a damaged snapshot', () => {
  /** Turns one bit in the middle of what is stored of the newest one. */
  function damage(table: 'snapshot' | 'snapshot_part', column: string): void {
    inDatabase((db) => {
      const { n, cell } = db
        .prepare(`SELECT n, ${column} AS cell FROM ${table} ORDER BY n DESC`)
        .get() as { n: number; cell: Buffer | string | number };
      const turned = typeof cell === 'number' ? cell ^ 4 : turnedIn(Buffer.from(cell));
      const value = typeof cell === 'string' ? String(turned) : turned;
      db.prepare(`UPDATE ${table} SET ${column} = ? WHERE n = ?`).run(value, n);
    });
  }
  function turnedIn(bytes: Buffer): Buffer {
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    return bytes;
  }

  it.each([
    ['snapshot', 'header'],
    ['snapshot', 'bytes'],
    ['snapshot', 'crc32'],
    ['snapshot', 'checksum'],
    ['snapshot_part', 'start'],
    ['snapshot_part', 'bytes'],
    ['snapshot_part', 'checksum'],
    ['snapshot_part', 'body'],
  ] as const)('[SN4] in its %s.%s is not sent, and made again', async (table, column) => {
    await push(60);
    await push(60);
    damage(table, column);
    const answer = await bootstrap();
    const told = await answer.text().then(read, () => 'cut off');
    if (told !== 'cut off') expect(told).toMatchObject({ header: { seq: 60 } });
    await app.keeper.idle();
    expect(app.reports.map((each) => (each as Error).name)).toEqual(['DamagedSnapshotError']);
    expect(seqsKept()).toEqual([60, 120]);
    expect(linesOf(await bootstrapped())).toEqual(linesOf(await replayed(120)));
  });

  it('[SN4] is made again where the log has lost its start', async () => {
    await push(60);
    await push(60);
    const whole = await replayed(120);
    inDatabase((db) => {
      db.exec(`UPDATE space SET horizon = 60,
        horizon_digest = (SELECT digest FROM op WHERE op.space = space.n AND seq = 60) WHERE head > 60;
        DELETE FROM op WHERE seq <= 60`);
    });
    damage('snapshot_part', 'body');
    await expect(bootstrapped()).rejects.toThrow();
    await app.keeper.idle();
    expect(seqsKept()).toEqual([60, 120]);
    expect(linesOf(await bootstrapped())).toEqual(linesOf(whole));
  });

  it('[SN4] that nothing can be made from is waited for, and said', async () => {
    await push(60);
    inDatabase((db) => {
      db.exec(`UPDATE space SET horizon = 60, horizon_digest = head_digest WHERE head = 60;
        DELETE FROM op WHERE seq <= 60; DELETE FROM snapshot_part; DELETE FROM snapshot`);
    });
    const answer = await bootstrap();
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '1']);
  });
});
