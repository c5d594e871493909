import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spaceId } from '../testing/log-words.ts';
import { openLongLog, READER, S } from '../testing/long-log.ts';
import type { LongLog } from '../testing/long-log.ts';
import { run } from './run.ts';

let log: LongLog;
let said: string[];
let complaints: string;
beforeEach(async () => {
  // The server itself drops nothing: what is dropped here, the command has.
  log = await openLongLog({ retention: { keepMs: null } });
  said = [];
  complaints = '';
  vi.stubEnv('OFFING_RETENTION_DAYS', '90');
  vi.spyOn(console, 'log').mockImplementation((text) => void said.push(String(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void (complaints += String(text)));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
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

  it('[OPS75] goes by what the server goes by, where nothing else is said', async () => {
    vi.unstubAllEnvs();
    await grow();
    await log.days(90);
    for (const command of [['compact'], ['compact', '--dry-run']])
      expect((await offing(...command)).line).toBe('it is kept for ever');
    expect(await stats()).toMatchObject({ floor: { by: 'rules' } });
    const { line } = await offing('compact', '--retention-days', '90');
    expect(line).toBe('dropped through 100, 100 ops removed');
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
    expect((await offing('compact', '--retention-days', '60')).line).toBe(done);
    const held = `held by ${READER} of ann, at 150, last seen 1 day ago`;
    expect((await offing('compact', '--retention-days', '60')).line).toBe(held);
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

  it('[OPS41] names who holds the log, and how long it was not seen', async () => {
    await log.write(150);
    await log.follow(READER);
    await log.write(150);
    await log.days(1);
    await log.write(150);
    await log.days(60);
    expect(await stats('--retention-days', '60')).toMatchObject({ floor: { by: 'nothing' } });
    await offing('compact', '--retention-days', '61');
    await log.ask({ since: 150 }, READER);
    await log.days(30);
    await offing('compact', '--retention-days', '60');
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
