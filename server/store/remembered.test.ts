import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asSeq, EMPTY_DIGEST, fromHex } from '../../core/index.ts';
import { unplaced } from '../log/op-hash.ts';
import { ACTOR, actor, ANN, EPOCH, NOW, op, SPACE, spaceId } from '../testing/log-words.ts';
import type { Ask, Facts, Plan, Writes } from './port.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './sqlite.ts';

let data: string;
let store: Store;
let asked: Facts[];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'offing-remembered-'));
  store = openSqliteStore(data);
  asked = [];
  await store.auth.addAccount({ id: ANN, name: 'ann', home: spaceId(9) }, EPOCH, NOW);
  const digest = '1'.repeat(32);
  await exchange({
    make: { epoch: EPOCH, at: NOW },
    actor: actor(1),
    append: [{ ...unplaced(ACTOR, op(1)), seq: asSeq(1), hash: null, digest: fromHex(digest) }],
  });
});
afterEach(() => {
  store.close();
  rmSync(data, { recursive: true });
});

const NOTHING: Writes = { make: null, actor: null, append: [], refuse: [], forgetBelow: null };

function exchange(writes: Partial<Writes> | null, since = 1) {
  const ask: Ask = { space: SPACE, account: ANN, actor: ACTOR, since: asSeq(since), clocks: [] };
  return store.log.exchange(ask, (facts): Plan<Facts> => {
    asked.push(facts);
    const page = { since: ask.since, ops: 10, bytes: 1e6 };
    return { writes: writes && { ...NOTHING, ...writes }, page, reply: facts };
  });
}

/** Holds the database, so that whoever asks it waits in vain: true if the poll did not. */
async function isFromMemory(since = 1): Promise<boolean> {
  const holder = new Database(join(data, 'offing.db'));
  holder.exec('BEGIN IMMEDIATE');
  let answered = false;
  const poll = exchange(null, since).then(() => (answered = true));
  await Promise.resolve().then(() => undefined);
  const wasAnswered = answered;
  holder.exec('ROLLBACK');
  holder.close();
  await poll;
  return wasAnswered;
}

/** What is asked once another process has changed something comes in a later turn of the event loop. */
const later = () => setImmediate();

describe('[LG27] a poll that brings and learns nothing', () => {
  it('is answered from memory, with what the database would say', async () => {
    const { reply, page } = await exchange(null);
    expect(await isFromMemory()).toBe(true);
    expect(page?.ops).toEqual([]);
    store.close();
    store = openSqliteStore(data);
    const fresh = await exchange(null);
    expect(fresh.reply).toMatchObject({ ...reply, space: { ...reply.space } });
    expect(fresh.reply.digestAtSince).toBe('1'.repeat(32));
  });

  it('is no such poll where there is something new', async () => {
    const { reply, page } = await exchange(null, 0);
    expect(reply.digestAtSince).toBe(EMPTY_DIGEST);
    expect(page?.ops).toHaveLength(1);
    expect(await isFromMemory(0)).toBe(false);
  });

  it('knows what was written last', async () => {
    await exchange({ actor: { ...actor(5), cursor: asSeq(1) } });
    const { reply } = await exchange(null);
    expect(await isFromMemory()).toBe(true);
    expect(reply.actor).toMatchObject({ last: 5, cursor: 1 });
  });

  it('hears of refusals that it has not heard of', async () => {
    const refusal = { clock: actor(6).last, code: 'bad_op', hash: '3'.repeat(32) };
    await exchange({ actor: actor(6), refuse: [refusal] });
    const { reply } = await exchange(null);
    expect(reply.refused).toEqual([{ clock: 6, code: 'bad_op' }]);
  });

  it.each([
    ['takes the grant away', 'DELETE FROM access', { grant: null }],
    ['deletes the space', 'UPDATE space SET deleted_at = 1', { space: { isDeleted: true } }],
    ['renews the epoch', "UPDATE space SET epoch = 'other'", { space: { epoch: 'other' } }],
  ])('knows at once when another process %s', async (_, sql, found) => {
    await exchange(null);
    const other = new Database(join(data, 'offing.db'));
    other.exec(sql);
    other.close();
    await later();
    expect((await exchange(null)).reply).toMatchObject(found);
  });

  it('knows at once when the epoch was renewed here', async () => {
    await store.log.renew(SPACE, () => 'next' as never);
    expect((await exchange(null)).reply.space?.epoch).toBe('next');
  });

  it('knows nothing of a write that was undone', async () => {
    const before = (await exchange(null)).reply;
    const twice = {
      ...unplaced(ACTOR, op(1)),
      seq: asSeq(2),
      hash: null,
      digest: new Uint8Array(16),
    };
    await expect(exchange({ actor: actor(9), append: [twice] })).rejects.toThrow('UNIQUE');
    expect((await exchange(null)).reply).toEqual(before);
  });
});

describe('[AU5] a token that is remembered', () => {
  const secret = new Uint8Array(32).fill(7);
  const facts = { account: ANN, label: 'phone', onlySpace: null, readOnly: false, isLink: false };
  const times = { createdAt: NOW, lastUsedAt: null, revokedAt: null };
  const revokedAt = async () => (await store.auth.tokenOf(secret))?.revokedAt;
  beforeEach(async () => {
    await store.auth.addToken({ id: 't', ...facts, ...times }, secret);
    expect(await revokedAt()).toBeNull();
  });

  it('counts no more once it is revoked here', async () => {
    await store.auth.revoke('t', NOW);
    expect(await revokedAt()).toBe(NOW);
  });

  it('counts no more once another process revoked it', async () => {
    const other = openSqliteStore(data);
    await other.auth.revoke('t', NOW);
    other.close();
    await later();
    expect(await revokedAt()).toBe(NOW);
  });

  it('[AU8] tells when it was last used', async () => {
    await store.auth.used('t', NOW + 1);
    expect((await store.auth.tokenOf(secret))?.lastUsedAt).toBe(NOW + 1);
  });
});
