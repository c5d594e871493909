import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openServer } from '../open-server.ts';
import { checksumFileOf, checksumOf, writeChecksum } from '../store/checksum.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf, errorIn, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';
import { buildServer, MAIN, offing, startServing } from '../testing/process.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);
const A = actorId(1);

let app: TestApp;
let ann: string;
let folder: string;
let said: { out: string; err: string };
beforeEach(async () => {
  said = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((text) => void (said.out += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said.err += `${String(text)}\n`));
  folder = mkdtempSync(join(SCRATCH, 'offing-backups-'));
  app = await openApp();
  ann = await app.tokenFor('ann');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
  rmSync(folder, { recursive: true });
});

let clock = 0;
beforeEach(() => (clock = 0));

/** Adds so many ops to the space's log. */
async function push(count: number) {
  const ops = Array.from({ length: count }, () => op((clock += 1)));
  return answerIn(await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops } }), S);
}

const backUp = (to: string, ...more: string[]) => run(['backup', to, '--data', app.data, ...more]);
const restore = (from: string, data = app.data) => run(['restore', from, '--data', data]);

/** What a server on the directory answers to who pulls the space from where it stood. */
async function pulledFrom(data: string, standing: { epoch: string; digest: string; seq: number }) {
  const server = await openServer({ data });
  const since = `${S}:${standing.seq}:${standing.epoch}:${standing.digest}`;
  const response = await server.app.request(`/sync/pull?actor=${A}&since=${since}`, {
    headers: { Authorization: `Bearer ${ann}` },
  });
  const answers = answersOf(await response.json());
  await server.close();
  return answers;
}
const START = { digest: '0'.repeat(32), seq: 0 };

describe('offing backup', () => {
  it('[OPS16] copies what there is at one moment, beside a server that goes on, and says where', async () => {
    await push(2);
    const file = join(folder, 'mine.db');
    const going = Promise.all(Array.from({ length: 20 }, () => push(3)));
    expect(await backUp(file)).toBe(0);
    await going;
    expect(said.out).toBe(`${file}\n`);
    // The account's home is a space too.
    expect(said.err).toMatch(/^2 spaces, \d+ ops, 0\.\d MB; checked\.\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(checksumFileOf(file), 'utf8')).toBe(`${await checksumOf(file)}  mine.db\n`);
    expect(readdirSync(folder).toSorted()).toEqual(['mine.db', 'mine.db.sha256']);
    const copy = new Database(file, { readonly: true });
    const head = copy.prepare('SELECT head FROM space WHERE id = ?').pluck().get(S) as number;
    copy.close();
    // No request is half in it.
    expect((head - 2) % 3).toBe(0);
    expect(await push(1)).toMatchObject({ head: 63 });
  });

  it('[OPS16] keeps the newest of a folder, and deletes nothing else there', async () => {
    await push(1);
    writeFileSync(join(folder, 'offing-notes.db'), 'mine');
    for (let i = 0; i < 3; i++) expect(await backUp(folder, '--keep', '2')).toBe(0);
    const made = said.out.trim().split('\n');
    expect(new Set(made).size).toBe(3);
    expect(made.map((file) => existsSync(file))).toEqual([false, true, true]);
    expect(readdirSync(folder)).toHaveLength(5);
    expect(said.err).toContain(`Deleted ${made[0]}\n`);
    expect(await backUp(join(folder, 'made', '/'))).toBe(0);
    expect(readdirSync(join(folder, 'made'))).toHaveLength(2);
  });

  it('[OPS16] writes over nothing, and makes nothing of a directory without a database', async () => {
    await push(1);
    const file = join(folder, 'mine.db');
    writeFileSync(file, 'mine');
    expect(await backUp(file)).toBe(2);
    expect(said.err).toContain(`${file} is there already`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await backUp(join(folder, 'none', 'x.db'))).toBe(2);
    expect(await backUp(join(folder, 'x.db'), '--keep', '2')).toBe(2);
    expect(await backUp(folder, '--keep', '0')).toBe(2);
    expect(await run(['backup', folder, '--data', join(folder, 'nowhere')])).toBe(2);
    expect(await run(['backup'])).toBe(2);
    expect(readdirSync(folder)).toEqual(['mine.db']);
  });

  it('[OPS6] [OPS16] says in a line what the system has against it', async () => {
    await push(1);
    const file = join(folder, 'mine.db');
    mkdirSync(`${file}.partial`);
    expect(await backUp(file)).toBe(1);
    expect(said.err).toMatch(/^offing: .*mine\.db\.partial.*\n$/);
  });

  it('[OPS16] has no copy of a log that is broken', async () => {
    await push(3);
    const db = new Database(join(app.data, 'offing.db'));
    db.prepare(`UPDATE op SET payload = '{}' WHERE seq = 2`).run();
    db.close();
    expect(await backUp(join(folder, 'mine.db'))).toBe(1);
    expect(said.err).toContain(`the log of space ${S} is broken at 2`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('offing restore', () => {
  it('[OPS17] puts it in the place of the database, in a new epoch, and keeps what was there', async () => {
    const before = await push(2);
    expect(await backUp(folder)).toBe(0);
    const after = await push(3);
    expect(await restore(folder)).toBe(1);
    expect(said.err).toContain('One process per data directory');
    await app.close();
    said.err = '';
    expect(await restore(folder)).toBe(0);
    const standing = { epoch: after.epoch, digest: after.digest, seq: 5 };
    const error = errorIn(await pulledFrom(app.data, standing), S);
    expect(error).toMatchObject({ code: 'epoch_changed', from: 2, head: 2, acked: 2 });
    expect(said.out).toContain(`${S}  ${error.epoch}  from 2\n`);
    const whole = { ...START, epoch: error.epoch as string };
    expect(answerIn(await pulledFrom(app.data, whole), S)).toMatchObject({
      head: 2,
      digest: before.digest,
    });
    const [kept] = readdirSync(app.data).filter((name) => name.startsWith('replaced-'));
    const former = await pulledFrom(join(app.data, kept ?? ''), standing);
    expect(answerIn(former, S)).toMatchObject({ head: 5, epoch: after.epoch });
    expect(said.err).toContain('Restored');
    expect(said.err).not.toContain('No checksum');
    expect(existsSync(join(app.data, 'incoming'))).toBe(false);
  });

  it('[OPS17] makes a directory where there is none yet', async () => {
    await push(2);
    const file = join(folder, 'mine.db');
    await backUp(file);
    rmSync(checksumFileOf(file));
    const data = join(folder, 'new', 'data');
    expect(await restore(file, data)).toBe(0);
    expect(said.err).toContain('No checksum lies beside it');
    expect(said.err).not.toContain('What was there');
    const [, epoch = ''] = said.out.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
    expect(answerIn(await pulledFrom(data, { ...START, epoch }), S)).toMatchObject({ head: 2 });
  });

  it('[OPS18] refuses one of which any byte was changed, and changes nothing', async () => {
    await push(20);
    const file = join(folder, 'mine.db');
    await backUp(file);
    await app.close();
    const whole = readFileSync(file);
    const there = readFileSync(join(app.data, 'offing.db'));
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 40)) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      expect(await restore(file), `byte ${at}`).toBe(1);
    }
    writeFileSync(file, whole.subarray(0, -4096));
    expect(await restore(file)).toBe(1);
    expect(said.err).toContain('is damaged');
    expect(readdirSync(app.data).filter((name) => name.startsWith('re'))).toEqual([]);
    expect(readFileSync(join(app.data, 'offing.db'))).toEqual(there);
    writeFileSync(file, whole);
    expect(await restore(file)).toBe(0);
  });

  it('[OPS18] refuses one whose log is broken, whatever its checksum says', async () => {
    await push(5);
    const file = join(folder, 'mine.db');
    await backUp(file);
    await app.close();
    const change = async (sql: string) => {
      const changed = join(folder, 'changed.db');
      copyFileSync(file, changed);
      const db = new Database(changed);
      db.pragma('foreign_keys = OFF');
      db.exec(sql);
      db.close();
      writeChecksum(changed, await checksumOf(changed));
      return restore(changed);
    };
    expect(await change(`UPDATE op SET payload = '{"op":9}' WHERE seq = 3`)).toBe(1);
    expect(await change('DELETE FROM op WHERE seq = 5')).toBe(1);
    expect(await change('DELETE FROM op WHERE seq = 2')).toBe(1);
    expect(await change('UPDATE space SET head = 4 WHERE head = 5')).toBe(1);
    expect(await change('DELETE FROM account')).toBe(1);
    expect(await change('PRAGMA user_version = 99')).toBe(1);
    expect(said.err).toContain('was written by a later Offing');
    writeFileSync(join(folder, 'text.db'), 'a text, and no database');
    expect(await restore(join(folder, 'text.db'))).toBe(1);
    expect(await restore(join(folder, 'nowhere.db'))).toBe(2);
    expect(await restore(app.data)).toBe(2);
  });
});

describe('the command beside a server process', () => {
  it('[OPS16] [OPS17] is not in the way of who writes, and gives whole copies of what they wrote', async () => {
    buildServer();
    const data = join(folder, 'data');
    const server = await startServing(data);
    const token = offing(['token', 'create', '--user', 'bob', '--data', data]).out.trim();
    const pushFive = async (head: number): Promise<void> => {
      const ops = Array.from({ length: 5 }, (_, i) => op(head + i + 1));
      const spaces = { [S]: { actor: A, since: head, create: true, ops } };
      const response = await fetch(new URL('/sync/push', server.url), {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ spaces }),
      });
      expect(answerIn(answersOf(await response.json()), S)).toMatchObject({ acked: head + 5 });
    };
    await pushFive(0);
    const over = new AbortController();
    const write = async (): Promise<void> => {
      for (let head = 5; !over.signal.aborted; head += 5) await pushFive(head);
    };
    const writing = write();
    const codes: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const child = spawn(process.execPath, [MAIN, 'backup', folder, '--data', data]);
      codes.push((await once(child, 'close'))[0]);
    }
    over.abort();
    await writing;
    server.kill('SIGTERM');
    await server.ended;
    expect(codes).toEqual([0, 0, 0]);
    const heads: number[] = [];
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.db'))) {
      expect(offing(['restore', join(folder, name), '--data', data]).code).toBe(0);
      const db = new Database(join(data, 'offing.db'));
      heads.push(db.prepare('SELECT head FROM space WHERE id = ?').pluck().get(S) as number);
      db.close();
    }
    expect(heads).toEqual(heads.toSorted((a, b) => a - b));
    expect(heads.every((head) => head > 0 && head % 5 === 0)).toBe(true);
  });
});
