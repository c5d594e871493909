import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openServer } from '../open-server.ts';
import { listOps } from '../testing/list-ops.ts';
import { spaceId } from '../testing/log-words.ts';
import { openLongLog, READER, S, WRITER } from '../testing/long-log.ts';
import type { LongLog } from '../testing/long-log.ts';
import { DAY_MS, DEFAULT_RETENTION, rulesFor } from '../log/retention.ts';
import { readServedRules, SERVED_RULES_FILE, writeServedRules } from '../store/served-rules.ts';
import { run } from './run.ts';

let log: LongLog;
let said: string[];
let complaints: string;
beforeEach(async () => {
  // The server itself drops nothing: what is dropped here, the command has.
  log = await openLongLog({ retention: { keepMs: null } });
  writeServedRules(log.app.data, DEFAULT_RETENTION);
  said = [];
  complaints = '';
  vi.spyOn(console, 'log').mockImplementation((text) => void said.push(String(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void (complaints += String(text)));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await log.app.stop();
});

const offing = async (...args: string[]) => {
  said = [];
  const code = await run([...args, '--data', log.app.data]);
  return { code, line: said.find((line) => line.startsWith(S))?.replace(`${S}  `, '') };
};
const stats = async (...args: string[]) => {
  await offing('stats', '--json', ...args);
  const all = said.map((line) => JSON.parse(line) as { space: string; floor: object });
  return all.find(({ space }) => space === S);
};

async function grow(): Promise<void> {
  await log.write(200);
  await log.days(1);
  await log.write(150);
}

describe('offing compact', () => {
  it('[OPS40] drops what may go, beside a running server, which answers by that at once', async () => {
    await grow();
    await log.days(90);
    const before = await log.ask({ since: 350 });
    const dry = await offing('compact', '--dry-run');
    expect(dry).toEqual({ code: 0, line: 'would be dropped through 100' });
    expect(await log.ask({ since: 350 })).toEqual(before);
    const done = await offing('compact', '--space', S);
    expect(done).toEqual({ code: 0, line: 'dropped through 100, 100 ops removed' });
    const { head, horizon, ops } = await log.ask({ since: 350 });
    expect({ head, horizon, ops: ops.length }).toEqual({ head: 351, horizon: 100, ops: 1 });
    const again = await offing('compact');
    expect(again.line).toMatch(/^held by its snapshots/);
  });

  it('[OPS40] says what or who holds the log', async () => {
    await grow();
    expect((await offing('compact')).line).toBe('the next of it is old enough in 90 days');
    await log.days(50);
    expect((await offing('compact')).line).toBe('the next of it is old enough in 40 days');
    expect((await offing('compact', '--retention-days', '0')).line).toBe('it is kept for ever');
  });

  it('[OPS40] goes as far as who holds the log, and names them', async () => {
    await log.write(150);
    await log.follow(READER);
    await log.write(150);
    await log.days(1);
    await log.write(150);
    await log.days(59);
    await log.ask({ since: 150 }, READER);
    await log.days(1);
    const done = 'dropped through 50, 50 ops removed';
    expect((await offing('compact', '--retention-days', '60', '--shorter')).line).toBe(done);
    const held = `held by ${READER} of ann, at 150, last seen 1 day ago`;
    expect((await offing('compact', '--retention-days', '60', '--shorter')).line).toBe(held);
  });

  it('[OPS70] keeps for as long as the server does, and no shorter unless that is said', async () => {
    await grow();
    await log.days(90);
    writeServedRules(log.app.data, { ...DEFAULT_RETENTION, keepMs: null });
    expect(await offing('compact')).toEqual({ code: 0, line: 'it is kept for ever' });
    expect((await stats())?.floor).toMatchObject({ by: 'rules' });
    expect((await offing('compact', '--retention-days', '90')).code).toBe(2);
    expect(complaints).toContain('the server keeps its logs for ever');
    vi.stubEnv('OFFING_RETENTION_DAYS', '1');
    expect((await offing('compact')).line).toBe('it is kept for ever');
    vi.unstubAllEnvs();
    const dry = await offing('compact', '--dry-run', '--retention-days', '90');
    expect(dry.line).toBe('would be dropped through 100');
    expect((await log.ask({ since: 350 })).horizon).toBe(0);
    const done = await offing('compact', '--retention-days', '90', '--shorter');
    expect(done.line).toBe('dropped through 100, 100 ops removed');
  });

  it('[OPS70] goes by what the server itself was started with', async () => {
    await log.app.close();
    const server = await openServer({ data: log.app.data, retention: rulesFor(30) });
    await server.close();
    expect(readServedRules(log.app.data)).toEqual(rulesFor(30));
  });

  it.each([['none'], ['keep 5 days\n']])(
    '[OPS70] drops nothing where %o is known',
    async (words) => {
      await grow();
      await log.days(90);
      const file = join(log.app.data, SERVED_RULES_FILE);
      rmSync(file);
      if (words !== 'none') writeFileSync(file, words);
      expect((await offing('compact')).code).toBe(2);
      expect(complaints).toContain('is not known yet');
      expect((await offing('compact', '--dry-run')).line).toBe('would be dropped through 100');
      expect((await offing('compact', '--retention-days', '91')).code).toBe(0);
      expect((await log.ask({ since: 350 })).horizon).toBe(0);
    },
  );

  it('[OPS71] goes on until nothing is left to go, however little a drop may take', async () => {
    await grow();
    await log.days(90);
    writeServedRules(log.app.data, { ...DEFAULT_RETENTION, most: 30 });
    const done = await offing('compact');
    expect(done).toEqual({ code: 0, line: 'dropped through 100, 100 ops removed' });
    expect((await log.ask({ since: 350 })).head).toBe(354);
  });

  it('[OPS72] tells what is wrong with one space, and goes on with the next', async () => {
    const T = spaceId(2);
    const growT = async (from: number, to: number) => {
      const ops = listOps(from, to);
      const asked = { actor: WRITER, since: 0, create: true, limit: 1, ops };
      await log.app.push(log.token, { [T]: asked });
      await log.app.keeper.idle();
    };
    await growT(1, 200);
    await grow();
    await growT(201, 350);
    await log.days(90);
    const db = new Database(join(log.app.data, 'offing.db'));
    db.prepare('DELETE FROM access WHERE space = (SELECT n FROM space WHERE id = ?)').run(S);
    expect((await offing('compact')).code).toBe(1);
    expect(complaints).toContain(`${S}  space ${S} has no owner`);
    expect(said).toContain(`${T}  dropped through 100, 100 ops removed`);
    db.close();
  });

  it('[OPS72] [RT50] drops nothing where a snapshot is damaged, and says so', async () => {
    await grow();
    await log.days(90);
    const db = new Database(join(log.app.data, 'offing.db'));
    db.exec('UPDATE snapshot_part SET body = zeroblob(4)');
    db.close();
    const { code, line } = await offing('compact');
    expect(code).toBe(1);
    expect(line).toMatch(/^held by a snapshot that is damaged/);
    expect((await log.ask({ since: 350 })).horizon).toBe(0);
  });

  it.each([
    [['--space', 'x'], '--space: "x" is not a UUIDv7'],
    [['--space', spaceId(7)], `there is no space ${spaceId(7)}`],
    [['--retention-days', 'x'], '--retention-days: "x" is not a count of days'],
    [['--retention-days', '1e9'], '--retention-days: "1e9" is not a count of days'],
    [['more'], 'unexpected argument "more"'],
  ])('[OPS6] [OPS40] %o is misuse', async (args, why) => {
    expect((await offing('compact', ...args)).code).toBe(2);
    expect(complaints).toContain(why);
  });
});

describe('offing stats', () => {
  it('[OPS41] says of each space what its log comes to, and what keeps it', async () => {
    await grow();
    await log.follow(READER);
    expect(await stats()).toMatchObject({
      head: 350,
      horizon: 0,
      ops: 350,
      snapshot: { seq: 350 },
      servedMs: 24 * 3_600_000,
      floor: { by: 'age', words: 'the next of it is old enough in 90 days' },
    });
    await log.days(89);
    await log.write(300);
    await log.days(1);
    const { code } = await offing('stats');
    expect(code).toBe(0);
    const text = said.find((each) => each.startsWith(S)) ?? '';
    expect(text).toContain('650 ops (1 to 650), 0.1 MB of payloads');
    expect(text).toContain('snapshot  at 650, of 20');
    expect(text).toContain('kept      to be dropped through 200; servers have run for 91 days');
    await offing('compact');
    expect(await stats()).toMatchObject({ head: 651, horizon: 200, ops: 451 });
  });

  it('[OPS73] says whose it is, how old its snapshot is, and what it takes of the disk', async () => {
    await grow();
    const db = new Database(join(log.app.data, 'offing.db'));
    const sum = 'SELECT sum(octet_length(body)) FROM snapshot_part';
    const bytes = db.prepare<[], number>(sum).pluck().get();
    db.prepare('UPDATE snapshot SET built_at = ?').run(Date.now() - 3.5 * DAY_MS);
    db.close();
    const stat = await stats();
    expect(stat).toMatchObject({ owner: 'ann', snapshot: { ageDays: 3 }, snapshotBytes: bytes });
    await offing('stats');
    const text = said.join('\n');
    expect(text).toContain('of ann');
    expect(text).toContain(', 3 days ago');
    expect(text).toMatch(/^database {3}\d+\.\d MB, snapshots in it 0\.0 MB$/m);
  });

  it('[OPS41] names who holds the log, and how long it was not seen', async () => {
    await log.write(150);
    await log.follow(READER);
    await log.write(150);
    await log.days(1);
    await log.write(150);
    await log.days(60);
    expect(await stats('--retention-days', '60')).toMatchObject({ floor: { by: 'nothing' } });
    await offing('compact', '--retention-days', '61', '--shorter');
    await log.ask({ since: 150 }, READER);
    await log.days(30);
    await offing('compact', '--retention-days', '60', '--shorter');
    const stat = await stats('--retention-days', '60');
    expect(stat?.floor).toEqual({
      by: 'follower',
      actor: READER,
      account: 'ann',
      cursor: 150,
      unseenMs: 30 * 24 * 3_600_000,
      words: `held by ${READER} of ann, at 150, last seen 30 days ago`,
    });
  });
});
