import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
    [['token', 'revoke', 'nope'], 'no token nope'],
    [['serve', '--port', '99999'], 'not a port'],
    [['serve', '--port', 'http'], 'not a port'],
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
