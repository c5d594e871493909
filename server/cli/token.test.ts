import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { spaceId } from '../testing/log-words.ts';
import { buildServer, offing } from '../testing/process.ts';

beforeAll(buildServer, 120_000);

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offing-cli-'));
});
afterEach(() => rmSync(data, { recursive: true }));

describe('offing token', () => {
  it('[OPS5] create prints the token alone, and makes the user', () => {
    const made = offing(['token', 'create', '--user', 'ann', '--label', 'my laptop'], {
      OFFING_DATA: data,
    });
    expect(made.out).toMatch(/^off_[\w-]{43}\n$/);
    expect(made.code).toBe(0);
    const { out } = offing(['token', 'list', '--data', data]);
    expect(out).toMatch(
      /^[0-9a-f]{12} {2}ann {2}read-write {2}all spaces .* never used {2}my laptop\n$/,
    );
    expect(out).not.toContain(made.out.trim());
  });

  it('[OPS5] list shows how far each reaches, and revoke ends one', () => {
    const data_ = ['--data', data];
    offing(['token', 'create', '--user', 'ann', '--space', spaceId(1), '--read-only', ...data_]);
    offing(['token', 'create', '--user', 'bob', ...data_]);
    const [first = '', second = ''] = offing(['token', 'list', ...data_]).out.split('\n');
    expect(first).toContain(`ann  read-only  ${spaceId(1)}`);
    expect(second).toContain('bob  read-write  all spaces');
    const revoked = offing(['token', 'revoke', first.slice(0, 12), ...data_]);
    expect([revoked.code, revoked.out]).toEqual([0, '']);
    expect(offing(['token', 'list', ...data_]).out.split('\n')[0]).toContain('revoked 20');
  });
});
