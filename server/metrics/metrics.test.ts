import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openServer } from '../open-server.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { openLongLog } from '../testing/long-log.ts';
import { openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import { createLogLines } from './log-lines.ts';

const S = spaceId(1);
const A = actorId(1);

let app: TestApp;
let ann: string;
let lines: string[];
beforeEach(async () => {
  lines = [];
  const observer = createLogLines(
    (line) => lines.push(line),
    () => 1_763_650_000_000,
  );
  app = await openApp({ metrics: { port: 0 }, observer, snapshots: { every: 3, atLeast: 3 } });
  ann = await app.tokenFor('ann');
});
afterEach(() => app.stop());

const SECRET = 'what nobody else may read';
async function work() {
  const payload = JSON.stringify({ do: [{ kind: 'delete', collection: 'items', id: SECRET }] });
  const ops = [op(1, { payload }), op(2, { base: 99 }), op(3), op(4)];
  await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops } });
  await app.push(ann, { [S]: { actor: A, since: 0, ops } });
  await app.call(`/sync/bootstrap/${S}`, { token: ann });
  await app.call(`/sync/${SECRET.replaceAll(' ', '-')}`, { token: ann });
  await app.call('/sync/account', { token: 'off_wrong' });
  await app.keeper.idle();
}
const metrics = async () => (await fetch(app.metricsUrl ?? '')).text();
const nothingOf = (text: string) => {
  for (const secret of [SECRET, SECRET.replaceAll(' ', '-'), S, A, ann, 'off_wrong', 'ann"']) {
    expect(text).not.toContain(secret);
  }
};

describe('the metrics', () => {
  it('[OPS24] count what the server does, by route and status', async () => {
    await work();
    const text = await metrics();
    for (const line of [
      'offing_request_seconds_count{route="/sync/push",method="POST",status="200"} 2',
      'offing_request_seconds_count{route="/sync/bootstrap/:space",method="GET",status="200"} 1',
      'offing_request_seconds_count{route="/sync/*",method="GET",status="404"} 1',
      'offing_request_seconds_count{route="/sync/*",method="GET",status="401"} 1',
      'offing_ops_taken_total 3',
      'offing_snapshot_build_seconds_count 1',
      'offing_event_streams 0',
      'offing_spaces 2',
      'offing_log_ops 3',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(Number(/offing_ops_refused_total (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
    expect(Number(/offing_commit_members_count (\d+)/.exec(text)?.[1])).toBeGreaterThan(0);
    expect(Number(/offing_database_bytes (\d+)/.exec(text)?.[1])).toBeGreaterThan(4096);
    expect(text).toContain('process_resident_memory_bytes');
    nothingOf(text);
  });

  it('[OPS24] are on a port of their own, and only there', async () => {
    expect((await app.call('/metrics')).status).not.toBe(200);
    const url = new URL(app.metricsUrl ?? '');
    expect(url.hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/sync/limits', url))).status).toBe(404);
    const { metricsUrl, close } = await openServer({ data: `${app.data}/other` });
    expect(metricsUrl).toBeUndefined();
    await close();
  });
});

describe('a log that gets shorter', () => {
  it('[OPS77] is counted, and a line in the log, without its name', async () => {
    const observer = createLogLines(
      (line) => lines.push(line),
      () => 0,
    );
    const log = await openLongLog({ metrics: { port: 0 }, observer });
    const read = async () => (await fetch(log.app.metricsUrl ?? '')).text();
    expect(await read()).toContain('offing_log_last_drop_timestamp_seconds 0\n');
    await log.write(200);
    await log.days(1);
    await log.write(100);
    await log.days(91);
    const text = await read();
    expect(text).toContain('offing_log_drops_total 1\n');
    expect(text).toContain('offing_log_ops_removed_total 190\n');
    expect(Number(/last_drop_timestamp_seconds (\d\S*)/.exec(text)?.[1])).toBeGreaterThan(0);
    const seen = lines.map((line) => JSON.parse(line) as { event: string });
    const time = '1970-01-01T00:00:00.000Z';
    expect(seen.filter(({ event }) => event === 'compacted')).toEqual([
      { time, level: 'info', event: 'compacted', dropped: 190, removed: 190 },
    ]);
    await log.app.stop();
  });
});

describe('the log for machines', () => {
  it('[OPS24] has a line for each request, without ids and contents', async () => {
    await work();
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = read.filter(({ event }) => event === 'request');
    expect(requests.map(({ route, status }) => [route, status])).toEqual([
      ['/sync/push', 200],
      ['/sync/push', 200],
      ['/sync/bootstrap/:space', 200],
      ['/sync/*', 404],
      ['/sync/*', 401],
    ]);
    expect(requests[0]).toEqual({
      time: '2025-11-20T14:46:40.000Z',
      level: 'info',
      event: 'request',
      method: 'POST',
      route: '/sync/push',
      status: 200,
      ms: expect.any(Number) as number,
    });
    expect(read.find(({ event }) => event === 'snapshot')).toMatchObject({ level: 'info' });
    nothingOf(lines.join('\n'));
  });

  it('[OPS24] has a line for each fault, with where it happened', () => {
    const log = createLogLines(
      (line) => lines.push(line),
      () => 0,
    );
    log.fault(new RangeError('too far'));
    log.fault('no error');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', event: 'fault', name: 'RangeError', message: 'too far' },
      { level: 'error', event: 'fault', name: 'Error', message: 'no error' },
    ]);
    expect(lines[0]).toContain('metrics.test.ts');
  });
});
