import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSqliteStore } from '../store/sqlite.ts';
import { EARLIER, writeEarlier } from '../testing/earlier-databases.ts';
import { listOps } from '../testing/list-ops.ts';
import { actorId, spaceId } from '../testing/log-words.ts';
import { answerIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);
const [A, B] = [actorId(1), actorId(2)];

let app: TestApp;
let ann: string;
let said: { out: string; err: string };
beforeEach(async () => {
  said = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((text) => void (said.out += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said.err += `${String(text)}\n`));
  app = await openApp({ snapshots: { every: 50, atLeast: 50 } });
  ann = await app.tokenFor('ann');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
});

let pushed = 0;
beforeEach(() => (pushed = 0));
async function push(count: number) {
  const ops = listOps(pushed + 1, (pushed += count));
  await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops, limit: 1 } });
  await app.keeper.idle();
}

function tamper(sql: string): void {
  const db = new Database(join(app.data, 'offing.db'));
  db.exec(sql);
  db.close();
}

const doctor = () => run(['doctor', '--data', app.data]);

describe('offing doctor', () => {
  it('[OPS20] finds nothing in a sound database, beside its server', async () => {
    for (let i = 0; i < 3; i++) await push(60);
    expect(await doctor()).toBe(0);
    expect(said).toEqual({
      out: `${app.data} is sound: 2 spaces, 180 ops, 2 snapshots.\n`,
      err: '',
    });
  });

  it('[OPS20] goes from the oldest snapshot on where the log has lost its start', async () => {
    for (let i = 0; i < 3; i++) await push(60);
    tamper(`UPDATE space SET horizon = 60,
        horizon_digest = (SELECT digest FROM op WHERE op.space = space.n AND seq = 60) WHERE head > 60;
      DELETE FROM op WHERE seq <= 60`);
    expect(await doctor()).toBe(0);
    expect(said.out).toContain('120 ops, 2 snapshots');
  });

  it.each([
    [`UPDATE op SET payload = '{}' WHERE seq = 7`, `the log of space ${S} is broken at 7`],
    ['UPDATE snapshot_part SET body = zeroblob(3)', 'snapshot at 120: a part of it is damaged'],
    ['DELETE FROM snapshot_part', 'is damaged'],
    ['PRAGMA foreign_keys = OFF; DELETE FROM account', 'a row names one that is not there'],
  ])('[OPS20] says what is wrong: %s', async (sql, message) => {
    await push(60);
    await push(60);
    tamper(sql);
    expect(await doctor()).toBe(1);
    expect(said.out).toBe('');
    expect(said.err).toContain(message);
    expect(said.err).not.toContain('    at ');
  });

  it.each([
    ['UPDATE actor SET last_clock = 119', `a clock in its log that lies above its last: ${S} ${A}`],
    ['UPDATE actor SET cursor = 121', `folded more than its log has: ${S} ${A}`],
    ['UPDATE space SET dropped = 121 WHERE head > 0', `dropped more than its log has: ${S}`],
    ['UPDATE space SET epoch_from = 121 WHERE head > 0', `behind the end of its log: ${S}`],
    ['DELETE FROM access WHERE space = 2', `a space has no owner: ${S}`],
    [`UPDATE account SET home = '${spaceId(9)}'`, 'is no space of its own: '],
    [
      `INSERT INTO refusal SELECT n, 121, 'bad_op', NULL, x'00' FROM actor`,
      `a refusal that lies above its last clock: ${S} ${A}`,
    ],
    [
      `INSERT INTO gone SELECT n, 121, x'00' FROM actor`,
      `the hash of an op that lies above its last clock: ${S} ${A}`,
    ],
  ])('[OPS76] says what rows cannot say of each other: %s', async (sql, message) => {
    await push(60);
    await push(60);
    tamper(sql);
    expect(await doctor()).toBe(1);
    expect(said.err).toContain(message);
    expect(said.err).toContain(`offing: 1 fault in ${app.data}`);
  });

  it.each(EARLIER)('[OPS76] finds none in one that was of version %i', async (version) => {
    const data = join(app.data, 'earlier');
    writeEarlier(version, data);
    openSqliteStore(data).close();
    expect(await run(['doctor', '--data', data])).toBe(0);
    expect(said.out).toContain('is sound');
  });

  it('[OPS20] says which space nobody can begin any more, also where the damaged snapshots are gone', async () => {
    await push(60);
    tamper(`UPDATE space SET horizon = 7,
        horizon_digest = (SELECT digest FROM op WHERE op.space = space.n AND seq = 7) WHERE head = 60;
      DELETE FROM op WHERE seq <= 7; DELETE FROM snapshot_part; DELETE FROM snapshot`);
    expect(await doctor()).toBe(1);
    expect(said.out).toBe('');
    expect(said.err).toContain(`space ${S}: its log begins behind 7`);
    expect(said.err).toContain('until a backup is restored');
  });

  it('[OPS20] notices a snapshot that is whole and yet not what the log folds to', async () => {
    for (let i = 0; i < 2; i++) await push(60);
    const { snapshots, close } = openSqliteStore(app.data);
    const [newer, older] = (await snapshots.list(S)).sound;
    if (!newer || !older) throw new Error('there are no two');
    const bodies = await Promise.all(older.parts.map((_part, i) => snapshots.part(older, i)));
    const parts = older.parts.map((part, i) => ({ ...part, body: bodies[i] ?? Buffer.alloc(0) }));
    const { seq, digest } = newer.header;
    // As a fold with a fault would have made it: whole, readable, and the state of another seq.
    const header = { ...older.header, seq, digest };
    await snapshots.keep(S, { header, text: { ...older, parts } }, 0);
    close();
    expect(await doctor()).toBe(1);
    expect(said.err).toContain(`space ${S}: snapshot at 120 is not what the log folds to`);
  });
});

describe('offing history', () => {
  const history = (...args: string[]) => run(['history', S, ...args, '--data', app.data]);

  it('[OPS21] prints who changed what of a record, and when', async () => {
    await push(60);
    const title = JSON.stringify({
      do: [{ kind: 'put', collection: 'items', id: 'item-2', fields: { title: "Bob's" } }],
    });
    const at = Date.UTC(2025, 10, 20, 12);
    const base = 20;
    const ops = [{ ...listOps(1, 1)[0], at, base, payload: title }];
    answerIn(await app.push(ann, { [S]: { actor: B, since: 0, ops, limit: 1 } }), S);
    expect(await history('items', 'item-2')).toBe(0);
    const lines = said.out.trimEnd().split('\n');
    expect(lines.map((line) => line.split('  ')[0])).toEqual(['6', '7', '8', '61']);
    expect(lines[3]).toBe(
      `61  2025-11-20T12:00:00.000Z  ann  {"kind":"put","collection":"items","id":"item-2","fields":{"title":"Bob's"}}`,
    );
    said.out = '';
    expect(await history('items', 'item-2', '--json')).toBe(0);
    expect(JSON.parse(said.out.trimEnd().split('\n')[3] ?? '')).toMatchObject({
      seq: 61,
      by: 'ann',
      actor: B,
      clock: 1,
      base: 20,
      did: [{ kind: 'put', fields: { title: "Bob's" } }],
    });
  });

  it('[OPS21] says where the log begins, and what it has nothing of', async () => {
    await push(60);
    tamper(`UPDATE space SET horizon = 7,
        horizon_digest = (SELECT digest FROM op WHERE op.space = space.n AND seq = 7) WHERE head = 60;
      DELETE FROM op WHERE seq <= 7`);
    expect(await history('items', 'item-2')).toBe(0);
    expect(said.err).toContain('up to 7 is not kept');
    expect(said.out).toMatch(/^8 {2}/);
    said.out = '';
    expect(await history('items', 'nothing')).toBe(0);
    expect(said.out).toBe('');
    expect(said.err).toContain('The log has nothing of "nothing" in "items"');
    expect(await run(['history', spaceId(9), 'items', 'x', '--data', app.data])).toBe(2);
    expect(await run(['history', 'x', 'items', 'x', '--data', app.data])).toBe(2);
  });
});

describe('offing doctor FILE', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(SCRATCH, 'offing-doctor-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('[OPS20] goes through a backup, or the newest of a folder, where it lies', async () => {
    for (let i = 0; i < 2; i++) await push(60);
    expect(await run(['backup', folder, '--data', app.data])).toBe(0);
    const file = said.out.trim();
    said.out = '';
    const before = readdirSync(folder);
    expect([await run(['doctor', file]), await run(['doctor', folder])]).toEqual([0, 0]);
    const line = `${file} is sound: 2 spaces, 120 ops, 2 snapshots.\n`;
    expect(said.out).toBe(line + line);
    expect(readdirSync(folder)).toEqual(before);
    const bytes = readFileSync(file);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from('x')]));
    expect(await run(['doctor', file])).toBe(1);
    expect(said.err).toContain('it is not what its checksum was made of');
    rmSync(`${file}.sha256`);
    truncateSync(file, 4096 * 3);
    said.err = '';
    expect(await run(['doctor', file])).toBe(1);
    expect(said.err).toMatch(/^No checksum.*\noffing: .* is damaged .*\n$/);
  });

  it('[OPS20] goes through an archive', async () => {
    await push(60);
    const file = join(folder, 'all.jsonl');
    expect(await run(['export', '--all', file, '--data', app.data])).toBe(0);
    said.out = '';
    expect(await run(['doctor', file])).toBe(0);
    expect(said.out).toMatch(/^\S+ is a whole archive: 1 account, 1 token, 2 spaces, 60 ops\.\n$/);
    truncateSync(file, 2000);
    expect(await run(['doctor', file])).toBe(1);
    expect(said.err).toContain('is no whole archive');
  });
});
