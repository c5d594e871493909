import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { buildServer, offing, startServing } from '../testing/process.ts';
import type { Running } from '../testing/process.ts';

const data = mkdtempSync(join(tmpdir(), 'offing-conformance-'));
let serving: Running;
let token: string;

beforeAll(async () => {
  buildServer();
  serving = await startServing(data);
  token = made('--user', 'ann');
}, 60_000);
afterAll(async () => {
  serving.kill('SIGTERM');
  await serving.ended;
  rmSync(data, { recursive: true });
});

const made = (...args: string[]): string =>
  offing(['token', 'create', '--data', data, ...args]).out.trim();

describe('offing conformance', () => {
  it('[OPS12] a server that keeps the protocol: a line for each check, and 0', () => {
    const others = ['--token2', made('--user', 'bob')];
    const run = offing(['conformance', `${serving.url}/sync/`, '--token', token, ...others]);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(run.out).toContain('\nPush\n');
    expect(run.out).toContain('ok       a refusal uses up the clock');
    expect(run.out).toContain('not run  a revoked token is token_revoked');
    expect(run.out).toContain('needs a token that was revoked (--revoked)');
    expect(run.out).not.toContain('BROKEN');
    expect(run.out).toContain('\nNot checked: owed\n');
    expect(run.out).toMatch(/\n\d{2,3} hold, 0 broken, 7 not run\.\n$/);
  });

  it('[OPS12] one that does not: what was expected and what came, and 1', async () => {
    const other = createServer((_, response) => void response.end('{}')).listen(0);
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const main = join(packageRoot, 'dist', 'server', 'cli', 'main.js');
    const child = spawn(process.execPath, [main, 'conformance', url, '--token', 'off_x']);
    const text = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
    const [code] = (await once(child, 'close')) as [number];
    other.close();
    expect([code, text.err]).toEqual([1, 'offing: the server does not keep the protocol\n']);
    expect(text.out).toContain('BROKEN   the digest at seq 0 is sixteen zero bytes');
    expect(text.out).toContain('The protocol: “At seq 0 it is 16 zero bytes …”');
    expect(text.out).toContain('\n0 hold, ');
  });

  it.each([
    [['conformance'], 'URL is missing'],
    [['conformance', 'http://x'], '--token is missing'],
    [['conformance', 'nowhere', '--token', 'off_x'], 'not the address of a server'],
    [['conformance', 'http://127.0.0.1:9', '--token', 'off_x'], 'does not answer'],
  ])('[OPS6] misuse is explained in a line, with exit code 2: %j', (args, message) => {
    const { code, out, err } = offing(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it('[OPS6] a token that does not count is told of once', () => {
    const { code, err } = offing(['conformance', serving.url, '--token', 'off_x']);
    expect([code, err]).toEqual([2, expect.stringContaining('the token does not count')]);
  });
});
