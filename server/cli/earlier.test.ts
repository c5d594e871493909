import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { EARLIER, writeEarlier } from '../testing/earlier-databases.ts';
import { spaceId } from '../testing/log-words.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

const S = spaceId(1);

let folder: string;
let said: string;
beforeEach(() => {
  said = '';
  vi.spyOn(console, 'log').mockImplementation(() => {});
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
    expect(await run(['compact', ...more, '--data', folder])).toBe(1);
    expect(said).toContain('start this Offing');
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
});
