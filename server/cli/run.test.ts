import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockData } from '../store/lock.ts';
import { spaceId } from '../testing/log-words.ts';
import { run } from './run.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offing-run-'));
  vi.stubEnv('OFFING_DATA', data);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(data, { recursive: true });
});

/** Runs a command line in this process, and gives what it would have printed. */
async function ran(args: readonly string[]) {
  const texts = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((text) => void (texts.out += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (texts.err += `${String(text)}\n`));
  return { code: await run(args), ...texts };
}

describe('offing', () => {
  it.each([
    [[], 'a command is missing'],
    [['bogus'], 'unknown command "bogus"'],
    [['token'], 'create, list or revoke?'],
    [['token', 'make'], 'unknown command "token make"'],
    [['token', 'create'], '--user NAME is missing'],
    [['token', 'create', '--user', ' '], '--user NAME is missing'],
    [['token', 'create', '--user', 'ann', '--space', 'x'], 'not a UUIDv7'],
    [['token', 'create', '--user', 'ann', '--admin'], '--admin'],
    [['token', 'create', '--user'], '--user'],
    [['token', 'revoke'], 'ID is missing'],
    [['token', 'revoke', 'a', 'b'], 'unexpected argument "b"'],
    [['token', 'revoke', 'nope'], 'there is no database in'],
    [['token', 'list'], 'there is no database in'],
    [['backup', ''], 'TO is empty'],
    [['restore', ''], 'FROM is empty'],
    [['export', '--all='], '--all is empty'],
    [['doctor', '--data', ''], '--data is empty'],
    [['doctor', '/no/such/file'], 'there is no'],
    [['import', '/'], 'is a folder, and no archive'],
    [['serve', '--port', '99999'], 'not a port'],
    [['serve', '--port', 'http'], 'not a port'],
    [['serve', '--snapshot-every', 'often'], 'not a count of ops'],
    [['serve', '--cert', 'c.pem'], '--cert needs --key FILE'],
    [['serve', '--key', 'k.pem'], '--key needs --cert FILE'],
    [['serve', '--cert', 'no.pem', '--key', 'no.pem'], 'no.pem cannot be read (ENOENT)'],
    [['epoch'], 'epoch: new?'],
    [['epoch', 'old'], 'unknown command "epoch old"'],
    [['epoch', 'new', '--space', 'x'], 'not a UUIDv7'],
    [['epoch', 'new'], 'there is no database in'],
    [['serve', '--snapshot-every', '-1'], '--snapshot-every'],
    [['serve', 'now'], 'unexpected argument "now"'],
  ])('[OPS6] misuse is explained in a line, with exit code 2: %j', async (args, message) => {
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  it('[OPS6] says its version, and how it is used', async () => {
    expect((await ran(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const help = await ran(['--help']);
    expect(help.code).toBe(0);
    for (const word of ['serve', 'token create', '--read-only', '--link', 'OFFING_DATA']) {
      expect(help.out).toContain(word);
    }
  });
});

describe('offing COMMAND --help', () => {
  it('[OPS6] says how that command is used, and does nothing', async () => {
    const { code, out, err } = await ran(['backup', '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^ {2}offing backup TO /);
    expect(out).not.toContain('offing restore FROM');
    expect((await ran(['token', 'create', '--user', 'ann', '-h'])).out).toContain(
      'token revoke ID',
    );
    expect((await ran(['export', '-h'])).out).toMatch(/--sqlite FILE[^]*--all FILE/);
    expect((await ran(['bogus', '-h'])).out).toContain('offing serve');
    expect(readdirSync(data)).toEqual([]);
  });
});

describe('offing token', () => {
  it('[OPS5] create prints the token alone, and makes the user', async () => {
    const made = await ran(['token', 'create', '--user', 'ann', '--label', 'my laptop']);
    expect(made.out).toMatch(/^off_[\w-]{43}\n$/);
    expect(made.code).toBe(0);
    const { out } = await ran(['token', 'list']);
    expect(out).toMatch(
      /^[0-9a-f]{12} {2}ann {2}read-write {2}all spaces .* never used {2}my laptop\n$/,
    );
    expect(out).not.toContain(made.out.trim());
  });

  it('[OPS5] list shows how far each reaches, and revoke ends one', async () => {
    await ran(['token', 'create', '--user', 'ann', '--space', spaceId(1), '--read-only']);
    await ran(['token', 'create', '--user', 'bob']);
    const [first = '', second = ''] = (await ran(['token', 'list'])).out.split('\n');
    expect(first).toContain(`ann  read-only  ${spaceId(1)}`);
    expect(second).toContain('bob  read-write  all spaces');
    const revoked = await ran(['token', 'revoke', first.slice(0, 12)]);
    expect([revoked.code, revoked.out]).toEqual([0, '']);
    expect((await ran(['token', 'list'])).out.split('\n')[0]).toContain('revoked 20');
    const unknown = await ran(['token', 'revoke', 'nope']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('no token nope')]);
  });

  it('[OPS68] list and revoke make no database of a directory without one, nor of an empty file', async () => {
    const commands = [['token', 'list'], ['token', 'revoke', 'x'], ['doctor'], ['epoch', 'new']];
    for (const command of commands) {
      expect((await ran([...command, '--data', join(data, 'mistyped')])).code).toBe(2);
    }
    expect(readdirSync(data)).toEqual([]);
    const file = join(data, 'offing.db');
    writeFileSync(file, '');
    for (const command of commands) {
      const { code, err } = await ran(command);
      expect([code, err]).toEqual([2, expect.stringContaining(`${file} is empty`)]);
    }
    expect(statSync(file).size).toBe(0);
    expect(readdirSync(data)).toEqual(['offing.db']);
  });

  it('[OPS68] create goes on with a database that a server is only just making', async () => {
    const db = new Database(join(data, 'offing.db'));
    db.pragma('journal_mode = WAL');
    db.close();
    const unlock = lockData(data);
    expect((await ran(['token', 'create', '--user', 'ann'])).code).toBe(0);
    unlock();
  });

  it('[OPS5] --data wins over OFFING_DATA', async () => {
    const other = join(data, 'other');
    await ran(['token', 'create', '--user', 'ann', '--data', other]);
    expect((await ran(['token', 'list'])).out).toBe('');
    expect((await ran(['token', 'list', '--data', other])).out).toContain('ann');
  });
});
