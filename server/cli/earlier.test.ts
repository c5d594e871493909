import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openMigrated } from '../store/database.ts';
import { lockData } from '../store/lock.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { EARLIER, writeEarlier } from '../testing/earlier-databases.ts';
import { spaceId } from '../testing/log-words.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);

let folder: string;
let said: string;
let out: string;
beforeEach(() => {
  said = out = '';
  vi.spyOn(console, 'log').mockImplementation((text) => void (out += String(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said += String(text)));
  folder = mkdtempSync(join(SCRATCH, 'offing-earlier-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it.each([[[]], [['--dry-run']]])(
  '[OPS25] an empty file is made no database by compact %o',
  async (more) => {
    const file = join(folder, 'offing.db');
    writeFileSync(file, '');
    expect(await run(['compact', ...more, '--data', folder])).toBe(2);
    expect(said).toContain('is empty');
    expect(readFileSync(file)).toEqual(Buffer.alloc(0));
    expect(readdirSync(folder)).toEqual(['offing.db']);
  },
);

describe.each(EARLIER)('a database of version %i', (version) => {
  it.each([
    ['doctor', []],
    ['stats', []],
    ['compact', []],
    ['compact', ['--dry-run']],
    ['history', [S, 'items', 'milk']],
    ['export', [S, '--sqlite', 'FILE']],
    ['export', ['--all', 'FILE']],
    ['token', ['list']],
  ])('[OPS25] is left to the server by %s', async (command, more) => {
    const data = join(folder, 'data');
    const file = writeEarlier(version, data);
    const before = readFileSync(file);
    const args = more.map((each) => (each === 'FILE' ? join(folder, 'file') : each));
    expect(await run([command, ...args, '--data', data])).toBe(1);
    const versions = `has schema version ${version}, and version ${SCHEMA_VERSION} is needed`;
    expect(said).toMatch(/^offing: .*offing\.db /);
    expect(said).toContain(versions);
    expect(said).toContain('start this Offing');
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it.each([
    ['revoke', ['revoke', 'x']],
    ['create', ['create', '--user', 'bob']],
  ])('[OPS68] is not brought up to date by token %s under a server', async (_, command) => {
    const data = join(folder, 'data');
    const file = writeEarlier(version, data);
    const before = readFileSync(file);
    const args = ['token', ...command, '--data', data];
    const unlock = lockData(data);
    expect(await run(args)).toBe(1);
    expect(said).toContain('start this Offing');
    expect(readFileSync(file)).toEqual(before);
    unlock();
    await run(args);
    openMigrated(file).close();
  });

  it('[OPS20] is gone through where it is a backup', async () => {
    const file = writeEarlier(version, join(folder, 'old'));
    expect(await run(['doctor', file])).toBe(0);
    expect(out).toBe(`${file} is sound, and of an earlier Offing: 2 spaces, 5 ops.`);
  });
});
