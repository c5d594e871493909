import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from './cli/run.ts';
import { openServer, PutBackNotice } from './open-server.ts';
import type { OpenServer } from './open-server.ts';
import { LostDatabaseError } from './store/faults.ts';
import { HIGH_WATER_FILE, isPutBack, readHighWater, writeHighWater } from './store/high-water.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { actorId, op, spaceId } from './testing/log-words.ts';
import { answerIn, answersOf } from './testing/open-app.ts';
import { SCRATCH } from './testing/scratch.ts';

const S = spaceId(1);

let data: string;
let folder: string;
let token: string;
let server: OpenServer | undefined;
let reports: unknown[];
let said: string;
beforeEach(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  said = '';
  vi.spyOn(console, 'error').mockImplementation((text) => void (said += String(text)));
  folder = mkdtempSync(join(SCRATCH, 'offing-high-water-'));
  data = join(folder, 'data');
  reports = [];
  const { accounts, tokens } = await open();
  token = await tokens.mint({ account: (await accounts.named('ann')).id, label: 'test' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await close();
  rmSync(folder, { recursive: true });
});

const open = async () =>
  (server = await openServer({ data, report: (error) => reports.push(error) }));
async function close() {
  await server?.close();
  server = undefined;
}

/** Pushes so many ops in this life of the server, and answers with the epoch that they are in. */
async function push(from: number, count: number): Promise<string> {
  const ops = Array.from({ length: count }, (_, i) => op(from + i));
  const response = await server?.app.request('/sync/push', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ spaces: { [S]: { actor: actorId(1), since: 0, create: true, ops } } }),
  });
  return answerIn(answersOf(await response?.json()), S).epoch;
}

const database = (name = 'offing.db') => join(data, name);
const isNoticed = () => reports.some((each) => each instanceof PutBackNotice);

describe('a database that was put back by hand', () => {
  it('[OPS23] is noticed at the start, and begins new epochs once', async () => {
    const epoch = await push(1, 3);
    await close();
    copyFileSync(database(), join(folder, 'copy'));
    await open();
    expect(await push(4, 2)).toBe(epoch);
    await close();
    expect(reports).toEqual([]);
    copyFileSync(join(folder, 'copy'), database());
    await open();
    expect(isNoticed()).toBe(true);
    const second = await push(4, 1);
    expect(second).not.toBe(epoch);
    await close();
    reports = [];
    await open();
    expect(await push(5, 1)).toBe(second);
    expect(reports).toEqual([]);
  });

  it('[OPS23] is noticed where it has got as far again, with other ops', async () => {
    const epoch = await push(1, 3);
    await close();
    copyFileSync(database(), join(folder, 'copy'));
    await open();
    await push(4, 2);
    await close();
    const mark = readHighWater(data);
    copyFileSync(join(folder, 'copy'), database());
    // Served elsewhere in between, by a server that knew nothing of the mark.
    rmSync(join(data, HIGH_WATER_FILE));
    await open();
    await push(4, 1);
    await push(5, 5);
    await close();
    if (mark) writeHighWater(data, { ...mark, digest: 'f'.repeat(32) });
    await open();
    expect(isNoticed()).toBe(true);
    expect(await push(10, 1)).not.toBe(epoch);
  });

  it('[OPS23] is not looked for after offing restore and offing epoch new', async () => {
    await push(1, 3);
    expect(await run(['backup', join(folder, 'b.db'), '--data', data])).toBe(0);
    await push(4, 2);
    await close();
    expect(await run(['restore', join(folder, 'b.db'), '--data', data])).toBe(0);
    await open();
    await push(4, 1);
    await close();
    copyFileSync(join(folder, 'b.db'), database());
    expect(await run(['epoch', 'new', '--data', data])).toBe(0);
    await open();
    expect(reports).toEqual([]);
  });

  it('[OPS23] is not suspected where there is no mark, or one that cannot be read', async () => {
    await push(1, 3);
    await close();
    for (const text of ['', 'nonsense', '3 abc\n']) {
      writeFileSync(join(data, HIGH_WATER_FILE), text);
      await open();
      await close();
    }
    rmSync(join(data, HIGH_WATER_FILE));
    await open();
    await close();
    expect(reports).toEqual([]);
    expect(existsSync(join(data, HIGH_WATER_FILE))).toBe(true);
  });

  it('[OPS69] does not hide why the server does not start behind what closing it throws', async () => {
    await push(1, 3);
    await close();
    rmSync(join(data, HIGH_WATER_FILE));
    mkdirSync(join(data, `${HIGH_WATER_FILE}.partial`));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const report = () => {
      throw new Error('of the mark');
    };
    await expect(openServer({ data, port, report })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
    rmSync(join(data, `${HIGH_WATER_FILE}.partial`), { recursive: true });
    // Everything was closed, the lock too.
    await open();
  });

  it('[OPS23] is served all the same where the mark cannot be written', async () => {
    mkdirSync(join(data, `${HIGH_WATER_FILE}.partial`));
    await push(1, 3);
    await close();
    expect(reports).toMatchObject([{ code: 'EISDIR' }]);
    rmSync(join(data, `${HIGH_WATER_FILE}.partial`), { recursive: true });
  });
});

describe('a database that is gone', () => {
  it.each([
    ['gone', () => rmSync(database())],
    ['an empty file', () => truncateSync(database())],
    ['another, without an op', () => emptied()],
  ])('[OPS67] is not begun anew where the mark is: %s', async (_, lose) => {
    await push(1, 3);
    await close();
    lose();
    const left = readdirSync(data);
    await expect(open()).rejects.toThrow(LostDatabaseError);
    expect(await run(['token', 'create', '--user', 'eve', '--data', data])).toBe(1);
    expect(said).toMatch(/knows of op 3: restore a backup.*offing\.high-water/);
    expect(readdirSync(data)).toEqual(left);
    rmSync(join(data, HIGH_WATER_FILE));
    await open();
    expect(reports).toEqual([]);
  });

  it('[OPS67] is restored all the same, also from a backup that has no op', async () => {
    expect(await run(['backup', join(folder, 'none.db'), '--data', data])).toBe(0);
    await push(1, 3);
    expect(await run(['backup', join(folder, 'b.db'), '--data', data])).toBe(0);
    for (const name of ['b.db', 'none.db']) {
      await close();
      rmSync(database());
      expect(await run(['restore', join(folder, name), '--data', data])).toBe(0);
      await open();
    }
    expect(reports).toEqual([]);
  });

  /** As of a server that has only just been made. */
  function emptied(): void {
    rmSync(database());
    openSqliteStore(join(folder, 'fresh')).close();
    copyFileSync(join(folder, 'fresh', 'offing.db'), database());
  }
});

describe('whether a database was put back', () => {
  const mark = { n: 10, digest: 'aa' };
  it.each([
    [{ now: null, digestAtMark: null }, true],
    [{ now: { n: 9, digest: 'bb' }, digestAtMark: null }, true],
    [{ now: { n: 10, digest: 'aa' }, digestAtMark: 'aa' }, false],
    [{ now: { n: 10, digest: 'bb' }, digestAtMark: 'bb' }, true],
    [{ now: { n: 12, digest: 'cc' }, digestAtMark: 'aa' }, false],
    [{ now: { n: 12, digest: 'cc' }, digestAtMark: 'bb' }, true],
    // The log has lost that part of it since.
    [{ now: { n: 12, digest: 'cc' }, digestAtMark: null }, false],
  ])('[OPS23] %j: %s', (facts, expected) => {
    expect(isPutBack(mark, facts)).toBe(expected);
  });
});
