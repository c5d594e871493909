/** What can be restored besides a backup, and which of many is taken. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf } from '../testing/open-app.ts';
import { buildServer, offing, startServing } from '../testing/process.ts';
import { SCRATCH } from '../testing/scratch.ts';

const S = spaceId(1);

beforeAll(buildServer, 120_000);

let folder: string;
let data: string;
let token: string;
beforeEach(() => {
  folder = mkdtempSync(join(SCRATCH, 'offing-restore-'));
  data = join(folder, 'data');
  token = offing(['token', 'create', '--user', 'ann', '--data', data]).out.trim();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A server's life: it takes so many ops, and is killed. Its last commits are in the log beside the database. */
async function killedAfter(from: number, count: number): Promise<void> {
  const server = await startServing(data);
  const ops = Array.from({ length: count }, (_, i) => op(from + i));
  const spaces = { [S]: { actor: actorId(1), since: 0, create: true, ops } };
  const response = await fetch(new URL('/sync/push', server.url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ spaces }),
  });
  expect(answerIn(answersOf(await response.json()), S).acked).toBe(from + count - 1);
  server.kill('SIGKILL');
  await server.ended;
}

/** How far the space has got, without taking anything in from the log beside it. */
function headIn(directory: string): unknown {
  const db = new Database(join(directory, 'offing.db'), { readonly: true });
  const head = db.prepare('SELECT head FROM space WHERE id = ?').pluck().get(S);
  db.close();
  return head;
}

const restore = (from: string, into = data) => offing(['restore', from, '--data', into]);
const bytesIn = (directory: string) =>
  readdirSync(directory)
    .filter((name) => !name.endsWith('-shm'))
    .map((name) => [name, readFileSync(join(directory, name)).toString('base64')]);

describe('offing restore of a database that was in use', () => {
  it('[OPS65] takes what is still in the log beside it, and changes nothing there', async () => {
    await killedAfter(1, 5);
    const file = join(data, 'offing.db');
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    const before = bytesIn(data);
    const other = join(folder, 'other');
    const { code, err } = restore(file, other);
    expect([code, err]).toEqual([0, expect.stringContaining('in the log beside it')]);
    expect(headIn(other)).toBe(5);
    expect(bytesIn(data)).toEqual(before);
    expect(restore(data, join(folder, 'third')).code).toBe(0);
    expect(headIn(join(folder, 'third'))).toBe(5);
  });

  it('[OPS65] takes it from one that a server goes on with', async () => {
    const server = await startServing(data);
    offing(['token', 'create', '--user', 'bob', '--data', data]);
    const other = join(folder, 'other');
    expect(restore(data, other).code).toBe(0);
    expect(offing(['token', 'list', '--data', other]).out).toContain('bob');
    server.kill('SIGKILL');
    await server.ended;
  });

  it('[OPS65] undoes a restore, from the folder that it names', async () => {
    const backup = join(folder, 'b.db');
    await killedAfter(1, 2);
    expect(offing(['backup', backup, '--data', data]).code).toBe(0);
    await killedAfter(3, 3);
    const { err } = restore(backup);
    expect(headIn(data)).toBe(2);
    const aside = /^What was there is in (.*)$/m.exec(err)?.[1] ?? '';
    expect(restore(aside).code).toBe(0);
    expect(headIn(data)).toBe(5);
  });

  it('[OPS65] is refused for the database itself, and finds nothing in an empty folder', () => {
    const { code, err } = restore(data);
    expect([code, err]).toEqual([2, expect.stringContaining('is the database itself')]);
    mkdirSync(join(folder, 'empty'));
    expect(restore(join(folder, 'empty')).err).toContain('there is no backup in');
  });

  it('[OPS17] leaves no log of a database that is gone to the one that takes its place', async () => {
    await killedAfter(1, 2);
    const backup = join(folder, 'b.db');
    expect(offing(['backup', backup, '--data', data]).code).toBe(0);
    await killedAfter(3, 3);
    rmSync(join(data, 'offing.db'));
    const { code, err } = restore(backup);
    expect([code, err]).toEqual([0, expect.stringContaining('What was there is in')]);
    expect(headIn(data)).toBe(2);
  });

  it('[OPS17] leaves no folder behind where what is there cannot be kept', async () => {
    await killedAfter(1, 2);
    const backup = join(folder, 'b.db');
    offing(['backup', backup, '--data', data]);
    rmSync(join(data, 'offing.db-wal'));
    mkdirSync(join(data, 'offing.db-wal'));
    const { code, err } = restore(backup);
    expect([code, err]).toEqual([1, expect.stringMatching(/^offing: .*offing\.db-wal.*\n$/)]);
    expect(readdirSync(data).filter((name) => /^(replaced|incoming)/.test(name))).toEqual([]);
  });

  it('[OPS17] names the file that was given, where it is none of ours or of a later version', () => {
    const backup = join(folder, 'b.db');
    offing(['backup', backup, '--data', data]);
    rmSync(`${backup}.sha256`);
    const change = (pragma: string) => {
      const db = new Database(backup);
      db.pragma(pragma);
      db.close();
    };
    change('user_version = 99');
    expect(restore(backup).err).toMatch(new RegExp(`^offing: ${backup} has schema version 99`));
    // Another program counts its versions as it likes.
    change('application_id = 7');
    expect(restore(backup).err).toBe(
      `offing: ${backup} is not a database of Offing. Nothing was changed.\n`,
    );
  });
});

describe('a folder of backups', () => {
  const FUTURE = 'offing-20990101T000000.000Z.db';
  let backups: string;
  beforeEach(() => mkdirSync((backups = join(folder, 'backups'))));
  const backUp = (...more: string[]) => offing(['backup', backups, '--data', data, ...more]);

  it('[OPS66] keeps the one just made, whatever the clock had said before', async () => {
    await killedAfter(1, 1);
    expect(backUp().code).toBe(0);
    const [first = ''] = readdirSync(backups);
    copyFileSync(join(backups, first), join(backups, FUTURE));
    await killedAfter(2, 1);
    const { code, out, err } = backUp('--keep', '1');
    expect([code, err]).toEqual([0, expect.stringContaining('has a name in the future')]);
    const made = out.trim();
    expect(existsSync(made)).toBe(true);
    expect(readdirSync(backups)).toHaveLength(2);
    const restored = restore(backups);
    expect([restored.code, headIn(data)]).toEqual([0, 2]);
    expect(restored.err).toContain(`Restored ${made}: `);
    expect(restored.err).toContain('Its name lies in the future');
    const next = backUp('--keep', '1').out.trim();
    expect(readdirSync(backups).map((name) => join(backups, name))).toEqual([
      next,
      `${next}.sha256`,
    ]);
  });

  it('[OPS66] gives no name twice, and takes none that is no time for one of its own', () => {
    writeFileSync(join(backups, 'offing-20991332T000000.000Z.db'), 'mine');
    expect(backUp('--keep', '1').err).not.toContain('future');
    writeFileSync(join(backups, 'offing-99991231T235959.999Z.db'), '');
    expect(backUp().code).toBe(2);
  });

  it('[OPS69] says of an empty file that it is no backup, and so does doctor', () => {
    const empty = join(backups, 'offing-20200101T000000.000Z.db');
    writeFileSync(empty, '');
    const { code, err } = restore(backups);
    expect([code, err]).toEqual([1, expect.stringMatching(/^offing: .* is damaged: .*\n$/)]);
    const examined = offing(['doctor', backups]);
    expect([examined.code, examined.err]).toEqual([
      1,
      expect.stringContaining(`offing: ${empty} is empty\n`),
    ]);
  });

  it('[OPS66] names the next older where the newest is damaged', () => {
    const [older, newest] = [backUp().out.trim(), backUp().out.trim()];
    writeFileSync(newest, 'no more a backup');
    const { code, err } = restore(backups);
    expect(code).toBe(1);
    expect(err).toMatch(/^offing: .* is damaged: .*\n$/);
    expect(err).toContain(`${newest} is damaged`);
    expect(err).toContain(`The next older one is ${older}.`);
    rmSync(older);
    expect(restore(backups).err).not.toContain('older');
  });

  it('[OPS16] is rid of what a killed backup left, by the next one, and of nothing else', () => {
    const longAgo = new Date(Date.now() - 2 * 60 * 60_000);
    const left = join(backups, 'offing-20200101T000000.000Z.db');
    for (const name of [
      `${left}.partial`,
      `${left}.partial-journal`,
      `${left}.sha256`,
      join(backups, 'mine.db.partial'),
    ]) {
      writeFileSync(name, '');
      utimesSync(name, longAgo, longAgo);
    }
    writeFileSync(join(backups, 'offing-20200102T000000.000Z.db.partial'), 'at work');
    const { code, out, err } = backUp();
    expect([code, err]).toEqual([0, expect.stringContaining(`Deleted ${left}.partial\n`)]);
    const made = out.trim().slice(backups.length + 1);
    expect(readdirSync(backups).toSorted()).toEqual(
      [
        'mine.db.partial',
        'offing-20200102T000000.000Z.db.partial',
        made,
        `${made}.sha256`,
      ].toSorted(),
    );
  });
});
