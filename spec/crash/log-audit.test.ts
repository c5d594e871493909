/** The crash runs trust the audit: it must see what a kill could have done. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActorId, SpaceId } from '../../core/index.ts';
import { uuid } from '../support/device.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { brokenPages, LogAudit } from './log-audit.ts';

const OPS = 5;

let server: TestServer;
let audit: LogAudit;
const [space, actor] = [uuid() as SpaceId, uuid() as ActorId];

beforeEach(async () => {
  server = await startServer();
  const ops = Array.from({ length: OPS }, (_, i) => {
    return { clock: i + 1, base: 0, at: 0, payload: `{"op":${i + 1}}` };
  });
  const response = await fetch(`${server.url}/sync/push`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${await server.tokenFor('ann')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ spaces: { [space]: { actor, since: 0, create: true, ops } } }),
  });
  expect(response.status).toBe(200);
  audit = new LogAudit(server.data);
});
afterEach(() => server.stop());

const tamper = (sql: string): void => {
  const db = new Database(join(server.data, 'offing.db'));
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
};

const read = (): string[] => {
  audit.readOn(() => undefined);
  return audit.faults;
};

describe('the audit of the logs', () => {
  it('[OPS15] finds nothing wrong with a whole log, and meets each op once', () => {
    const met: number[] = [];
    for (const _ of [1, 2]) audit.readOn(({ seq }) => void met.push(seq));
    expect(met).toEqual([1, 2, 3, 4, 5]);
    expect(audit.faults).toEqual([]);
    expect([audit.headOf(space), audit.countOf(space, actor)]).toEqual([OPS, OPS]);
    expect(brokenPages(server.data)).toEqual([]);
  });

  it.each([
    ['other words', `UPDATE op SET payload = '{}' WHERE seq = 3`, 'another digest'],
    ['a hole', 'DELETE FROM op WHERE seq = 3', '4 comes after 2'],
    ['a clock that is missing', 'UPDATE op SET clock = 9 WHERE seq = 5', 'clock 9 of'],
    ['a space’s row that is behind', 'UPDATE space SET head = 4 WHERE head = 5', 'its row says 4'],
  ])('[OPS15] finds %s', (_, sql, fault) => {
    tamper(sql);
    expect(read().join('\n')).toContain(fault);
  });

  it('[OPS15] finds that an op is gone which was there before', () => {
    expect(read()).toEqual([]);
    tamper('DELETE FROM op WHERE seq = 5');
    expect(read().join('\n')).toContain('what was at 5 is not there any more');
  });

  it('[OPS15] finds a row that hangs in the air', () => {
    tamper('DELETE FROM actor');
    expect(brokenPages(server.data).length).toBeGreaterThan(0);
  });
});
