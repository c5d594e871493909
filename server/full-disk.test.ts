/** A server whose disk takes nothing more: what it says of itself, and what it still does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpaceRequest } from '../core/index.ts';
import { composeServer } from './compose.ts';
import type { ServerParts } from './compose.ts';
import { StorageFullError } from './store/faults.ts';
import type { Facts } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { Store } from './store/sqlite.ts';
import { actorId, op, spaceId } from './testing/log-words.ts';
import { answerIn, answersOf } from './testing/open-app.ts';
import { SCRATCH } from './testing/scratch.ts';

const S = spaceId(1);
const A = actorId(1);
const LATER_MS = 11 * 60_000;

let data: string;
let db: Database.Database;
let store: Store;
let parts: ServerParts;
let token: string;
let isFull: boolean;
let now: number;

/** What is to be written finds no room; what only reads goes on. */
const filling = ({ log, auth, ...rest }: Store): Store => ({
  ...rest,
  log: {
    ...log,
    exchange: (ask, decide) =>
      log.exchange(ask, (facts: Facts) => {
        const plan = decide(facts);
        if (isFull && plan.writes) throw new StorageFullError('full');
        return plan;
      }),
  },
  auth: {
    ...auth,
    async used(id, at) {
      if (isFull) throw new StorageFullError('full');
      await auth.used(id, at);
    },
  },
});

beforeEach(async () => {
  [isFull, now] = [false, 1_763_650_000_000];
  data = mkdtempSync(join(SCRATCH, 'offing-full-'));
  const prepare = vi.spyOn(Database.prototype, 'prepare');
  store = openSqliteStore(data);
  db = prepare.mock.contexts[0] as Database.Database;
  prepare.mockRestore();
  parts = composeServer(filling(store), { now: () => now });
  const { id } = await parts.accounts.named('ann');
  token = await parts.tokens.mint({ account: id, label: 'test' });
});
afterEach(() => {
  store.close();
  rmSync(data, { recursive: true });
});

const call = (path: string, by = token) =>
  parts.app.request(path, { headers: { Authorization: `Bearer ${by}` } });
const push = (asked: Partial<SpaceRequest>, space = S) =>
  parts.app.request('/sync/push', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ spaces: { [space]: { actor: A, since: 0, ...asked } } }),
  });
const readiness = async () => {
  const response = await call('/readyz');
  return [response.status, ((await response.json()) as { detail?: string }).detail];
};

describe('a server whose disk takes nothing', () => {
  it('[OPS74] says that it is not ready, from the first write that fails to the next that does not', async () => {
    await push({ create: true, ops: [op(1)] });
    expect(await readiness()).toEqual([200, undefined]);
    db.pragma('query_only = ON');
    expect((await push({ ops: [op(2)] })).status).toBe(500);
    expect(await readiness()).toEqual([503, 'the database cannot be written']);
    expect(await readiness()).toEqual([503, 'the database cannot be written']);
    db.pragma('query_only = OFF');
    expect(await readiness()).toEqual([200, undefined]);
    expect(store.retention.served()).toBe(0);
    expect(db.prepare('SELECT ms FROM served_time').pluck().get()).toBe(0);
  });

  it('[OPS75] is still read from, also when the last use of a token is long ago', async () => {
    await push({ create: true, ops: [op(1)] });
    [isFull, now] = [true, now + LATER_MS];
    expect((await call(`/sync/pull?since=${S}:0`)).status).toBe(200);
    expect((await call(`/sync/bootstrap/${S}`)).status).toBe(200);
    expect((await push({ ops: [op(2)] })).status).toBe(507);
    isFull = false;
    expect((await push({ ops: [op(2)] })).status).toBe(200);
  });

  it('[OPS75] answers a push that only proves how far its actor is, and records that later', async () => {
    const ops = [op(1), op(2)];
    const first = answerIn(answersOf(await (await push({ create: true, ops })).json()), S);
    const proof = { since: first.head, epoch: first.epoch, digest: first.digest };
    const cursor = () => db.prepare('SELECT cursor FROM actor').pluck().get();
    isFull = true;
    const full = answerIn(answersOf(await (await push(proof)).json()), S);
    expect(full).toMatchObject({ acked: 2, head: 2 });
    expect(cursor()).toBeNull();
    // Nothing less than all of it: a space is not answered that is not there.
    expect((await push({ create: true }, spaceId(2))).status).toBe(507);
    isFull = false;
    await push(proof);
    expect(cursor()).toBe(2);
  });

  it('[OPS75] [OPS9] does not take a link whose use it cannot note', async () => {
    const { id } = await parts.accounts.named('ann');
    const link = await parts.tokens.mint({ account: id, label: 'link', isLink: true });
    isFull = true;
    expect((await call('/sync/account', link)).status).toBe(507);
  });
});
