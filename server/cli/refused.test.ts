/** What SQLite or the system has against a command: a line, whichever command it is. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServer } from '../open-server.ts';
import { actorId, op, spaceId } from '../testing/log-words.ts';
import { buildServer, MAIN, offing } from '../testing/process.ts';
import { SCRATCH } from '../testing/scratch.ts';

const S = spaceId(1);

beforeAll(buildServer, 120_000);

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(SCRATCH, 'offing-refused-'));
  data = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true }));

const COMMANDS: readonly (readonly string[])[] = [
  ['serve', '--port', '0'],
  ['doctor'],
  ['stats'],
  ['compact'],
  ['backup', 'FILE'],
  ['export', '--all', 'FILE'],
  ['export', S, '--sqlite', 'FILE'],
  ['history', S, 'items', 'tent'],
  ['epoch', 'new'],
  ['token', 'list'],
  ['token', 'create', '--user', 'ann'],
  ['token', 'revoke', 'x'],
];
const argsOf = (command: readonly string[]) => [
  ...command.map((each) => (each === 'FILE' ? join(folder, 'file') : each)),
  '--data',
  data,
];

describe.each(COMMANDS.map((command) => ({ command })))('offing $command', ({ command }) => {
  it('[OPS69] says of a file that is damaged which it is, and what helps', () => {
    offing(['token', 'create', '--user', 'ann', '--data', data]);
    const file = join(data, 'offing.db');
    const bytes = readFileSync(file);
    for (const damaged of ['a text, and no database, of some length', bytes.fill('x', 4096)]) {
      writeFileSync(file, damaged);
      const { code, err } = offing(argsOf(command));
      expect([code, err]).toEqual([1, expect.stringMatching(/^offing: .* is damaged .*\n$/)]);
      expect(err).toContain(`offing: ${file} `);
      expect(err).toContain('restore a backup (offing restore)');
    }
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it('[OPS69] says of one that cannot be opened which it is', () => {
    mkdirSync(join(data, 'offing.db'), { recursive: true });
    writeFileSync(join(data, 'offing.db', 'x'), '');
    const { code, err } = offing(argsOf(command));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^offing: .*offing\.db cannot be .*\n$/),
    ]);
  });
});

describe('a disk that takes no more', () => {
  /** Runs a command that may make no file larger than a megabyte, or two where the shell counts otherwise. */
  const limited = (...args: string[]) => {
    const script = `trap '' XFSZ; ulimit -f 2000; exec "$@"`;
    const command = ['-c', script, 'sh', process.execPath, MAIN, ...args, '--data', data];
    const { status, stderr } = spawnSync('sh', command, { encoding: 'utf8' });
    return { code: status, err: stderr };
  };

  it('[OPS69] is told by the file that did not fit, of which nothing is left', async () => {
    const server = await openServer({ data });
    const { id } = await server.accounts.named('ann');
    const token = await server.tokens.mint({ account: id, label: 'test' });
    for (let round = 0; round < 4; round++) {
      const ops = Array.from({ length: 20 }, (_, i) => largeOp(round * 20 + i + 1));
      const request = { actor: actorId(1), since: 0, create: true, ops, limit: 1 };
      const response = await server.app.request('/sync/push', {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ spaces: { [S]: request } }),
      });
      expect(response.status).toBe(200);
    }
    await server.close();
    const file = join(folder, 'file');
    for (const args of [
      ['backup', file],
      ['export', S, '--sqlite', file],
      ['export', '--all', file],
    ]) {
      const { code, err } = limited(...args);
      expect([code, err]).toEqual([1, expect.stringMatching(/^offing: .*\n$/)]);
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    }
    expect(limited('export', '--all', file).err).toBe(`offing: there is no room for ${file}\n`);
    expect(limited('backup', file).err).toContain(`${file}.partial cannot be`);
    expect(limited('export', S, '--sqlite', file).err).toContain(`${file}.partial cannot be`);
  });

  const largeOp = (clock: number) => {
    const fields = { text: 'x'.repeat(40_000) };
    const put = { kind: 'put', collection: 'items', id: `i${clock}`, new: true, fields };
    return op(clock, { v: 2, payload: JSON.stringify({ do: [put] }) });
  };
});
