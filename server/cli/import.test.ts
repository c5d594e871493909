import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpaceId } from '../../core/index.ts';
import type { Fact, FactOf } from '../archive/facts.ts';
import { factsOf } from '../archive/facts-of.ts';
import { takeAll } from '../archive/take-all.ts';
import { openServer } from '../open-server.ts';
import { openArchiveSource } from '../store/archive-source.ts';
import { contentsOf } from '../testing/contents-of.ts';
import { liveIn } from '../testing/lived-in.ts';
import { openLongLog, S, WRITER } from '../testing/long-log.ts';
import type { LongLog } from '../testing/long-log.ts';
import { answerIn, answersOf, errorIn } from '../testing/open-app.ts';
import { SCRATCH } from '../testing/scratch.ts';
import { run } from './run.ts';

let log: LongLog;
let folder: string;
let file: string;
let said: { out: string; err: string };
beforeEach(async () => {
  said = { out: '', err: '' };
  vi.spyOn(console, 'log').mockImplementation((text) => void (said.out += `${String(text)}\n`));
  vi.spyOn(console, 'error').mockImplementation((text) => void (said.err += `${String(text)}\n`));
  folder = mkdtempSync(join(SCRATCH, 'offing-import-'));
  file = join(folder, 'all.jsonl');
  log = await openLongLog();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await log.app.stop();
  rmSync(folder, { recursive: true });
});

const exported = (to = file, data = log.app.data) => run(['export', '--all', to, '--data', data]);
const imported = (data: string, from = file) => run(['import', from, '--data', data]);
const linesOf = (text: string) => text.split('\n').slice(0, -1);
const text = (of = file) => readFileSync(of, 'utf8');
type Line = Record<string, unknown>;
const factsIn = (of = file): Line[] => linesOf(text(of)).map((line) => JSON.parse(line) as Line);

/** Epochs are anew with each import, and the head of the file says when it was made. */
const withoutEpochs = (of: string): string[] =>
  linesOf(text(of))
    .slice(1, -1)
    .map((line) => line.replaceAll(/("epoch":)"[^"]*"(,"from":\d+)?/g, '$1…'));

describe('offing export --all', () => {
  it('[OPS60] writes everything that a server knows, beside it, for its owner alone', async () => {
    await liveIn(log);
    expect(await exported()).toBe(0);
    expect(said.out).toBe(`${file}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['all.jsonl']);
    expect(said.err).toMatch(/^2 accounts, 3 tokens, 5 spaces, \d+ ops; read back\.\n$/);
    const facts = factsIn();
    const kinds = new Set(facts.map(({ kind }) => String(kind)));
    expect([...kinds].slice(1).sort()).toEqual([
      'access',
      'account',
      'actor',
      'end',
      'gone',
      'mark',
      'op',
      'refused',
      'served',
      'snapshot',
      'space',
      'state',
      'token',
    ]);
    expect(facts[0]).toMatchObject({ format: 'offing-archive', version: 1 });
    expect(text()).not.toContain(log.token);
  });

  it('[OPS60] is of one moment, while a server goes on', async () => {
    await log.write(5);
    const source = openArchiveSource(log.app.data);
    const facts: Fact[] = [];
    for await (const fact of factsOf(source)) {
      facts.push(fact);
      if (fact.kind === 'account') await log.write(3);
    }
    source.close();
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'space', id: S, head: 5 }));
    expect(facts.filter(({ kind }) => kind === 'op')).toHaveLength(5);
    expect(await log.head()).toBe(8);
  });

  it('[OPS60] writes over nothing, and nothing of a log that is broken', async () => {
    await log.write(3);
    writeFileSync(file, 'mine');
    expect(await exported()).toBe(2);
    expect(text()).toBe('mine');
    rmSync(file);
    expect(await exported(join(folder, 'no', 'x'))).toBe(2);
    expect(await exported(file, join(folder, 'nowhere'))).toBe(2);
    expect(await run(['export', S, '--all', file, '--data', log.app.data])).toBe(2);
    alter("UPDATE op SET payload = '{}' WHERE seq = 2");
    expect(await exported()).toBe(1);
    expect(said.err).toContain(`the log of space ${S} is broken at 2`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('[OPS60] writes nothing that could not be imported again', async () => {
    alter('UPDATE account SET created_at = -1');
    expect(await exported()).toBe(1);
    expect(said.err).toMatch(/holds what could not be imported again: line 2: createdAt /);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('[OPS60] writes no log that lost its start and what stands for that', async () => {
    await liveIn(log);
    alter('DELETE FROM snapshot_part; DELETE FROM snapshot');
    expect(await exported()).toBe(1);
    expect(said.err).toMatch(/its log begins behind \d+, and no snapshot/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

const spacesIn = (of: string) =>
  factsIn(of).filter(({ kind }) => kind === 'space') as unknown as FactOf<'space'>[];

function spaceIn(of: string, id: SpaceId): FactOf<'space'> {
  const found = spacesIn(of).find((space) => space.id === id);
  if (!found) throw new Error(`no space ${id}`);
  return found;
}

/** Changes the database behind the server's back. */
function alter(sql: string): void {
  const db = new Database(join(log.app.data, 'offing.db'));
  db.exec(sql);
  db.close();
}

describe('offing import', () => {
  it.each(['all.jsonl', 'all.jsonl.gz'])(
    '[OPS61] [OPS63] makes the same server of it again, but for the epochs: %s',
    async (name) => {
      await liveIn(log);
      const from = join(folder, name);
      expect(await exported(from)).toBe(0);
      if (name.endsWith('.gz')) writeFileSync(file, gunzipSync(readFileSync(from)));
      const data = join(folder, 'new', 'data');
      said.out = '';
      expect(await imported(data, from)).toBe(0);
      expect(readdirSync(data).toSorted()).toEqual(['offing.db', 'serving.lock']);
      expect(statSync(join(data, 'offing.db')).mode & 0o777).toBe(0o600);
      expect(said.err).toContain('2 accounts, 3 tokens, 5 spaces');
      const again = join(folder, 'again.jsonl');
      const epochs = said.out;
      expect(await exported(again, data)).toBe(0);
      expect(withoutEpochs(again)).toEqual(withoutEpochs(file));
      expect(await run(['doctor', '--data', data])).toBe(0);
      const [there, here] = [log.app.data, data].map((each) => contentsOf(join(each, 'offing.db')));
      expect(here).toEqual(there);
      for (const { id, epoch, head, deletedAt } of spacesIn(again)) {
        const line = `${id}  ${epoch}  from ${head}\n`;
        const isKept = deletedAt !== null;
        expect({
          isKept: epoch === spaceIn(file, id).epoch,
          isSaid: epochs.includes(line),
        }).toEqual({
          isKept,
          isSaid: !isKept,
        });
      }
    },
  );

  it('[OPS64] is served as the same: tokens, refusals, repetitions, snapshots and ages', async () => {
    await liveIn(log);
    const sent = log.sent.slice(0, 200);
    await exported();
    const data = join(folder, 'data');
    expect(await imported(data)).toBe(0);
    const server = await openServer({ data });
    const push = async (asked: object, actor = WRITER) => {
      const response = await server.app.request('/sync/push', {
        method: 'POST',
        headers: { Authorization: `Bearer ${log.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ spaces: { [S]: { actor, since: 0, ...asked } } }),
      });
      return answersOf(await response.json());
    };
    try {
      const { epoch, head, digest, horizon } = spaceIn(file, S);
      expect(horizon).toBeGreaterThan(0);
      const standing = { since: head, epoch, digest };
      const error = errorIn(await push(standing), S);
      expect(error).toMatchObject({ code: 'epoch_changed', from: head, head, acked: 200 });
      // Their rows are gone, and still each is known to be what it was.
      const repeated = answerIn(await push({ since: head, ops: sent.slice(0, 50) }), S);
      expect(repeated).toMatchObject({ acked: 200, head, horizon });
      const forged = [{ ...sent[0], payload: '{"do":[],"other":1}' }];
      expect(errorIn(await push({ since: head, ops: forged }), S)).toMatchObject({
        code: 'actor_forked',
      });
      const authorization = { Authorization: `Bearer ${log.token}` };
      const begun = await server.app.request(`/sync/bootstrap/${S}`, { headers: authorization });
      const [header = ''] = (await begun.text()).split('\n');
      const { seq } = JSON.parse(header) as { seq: number };
      expect(seq).toBeGreaterThanOrEqual(horizon);
      expect(await server.tokens.list()).toEqual(await log.app.tokens.list());
    } finally {
      await server.close();
    }
  });

  it('[OPS61] is refused by a directory that has anything, and leaves it as it is', async () => {
    await log.write(3);
    await exported();
    const there = readFileSync(join(log.app.data, 'offing.db'));
    expect(await imported(log.app.data)).toBe(1);
    expect(said.err).toContain('There is something in');
    expect(readFileSync(join(log.app.data, 'offing.db'))).toEqual(there);
    const mine = join(folder, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'notes'), '');
    expect(await imported(mine)).toBe(1);
    expect(readdirSync(mine)).toEqual(['notes']);
    expect(await imported(folder, join(folder, 'none'))).toBe(2);
    expect(await run(['import'])).toBe(2);
    // What a killed import left is no more in the way than its lock.
    const left = join(folder, 'left');
    mkdirSync(join(left, 'incoming'), { recursive: true });
    writeFileSync(join(left, 'incoming', 'offing.db'), 'half');
    writeFileSync(join(left, 'serving.lock'), '');
    expect(await imported(left)).toBe(0);
  });

  /** Nothing of it is there: no database, and nothing half. */
  async function expectRefused(bytes: Uint8Array | string, what: string): Promise<void> {
    const data = join(folder, 'refused');
    writeFileSync(join(folder, 'bad'), bytes);
    said.err = '';
    expect(await imported(data, join(folder, 'bad')), what).toBe(1);
    expect(said.err, what).toMatch(/^offing: .*bad is .*\. Nothing was imported\.\n$/);
    expect(readdirSync(data), what).toEqual(['serving.lock']);
  }

  it('[OPS62] refuses one of which any byte was changed, or that was cut off anywhere', async () => {
    await log.write(2);
    await exported();
    const whole = readFileSync(file);
    const bad = join(folder, 'bad');
    const refuses = async (bytes: Uint8Array, what: string) => {
      writeFileSync(bad, bytes);
      await expect(
        takeAll(bad, () => true),
        what,
      ).rejects.toThrow('Nothing was imported');
    };
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      await refuses(bytes, `byte ${at}`);
      await refuses(whole.subarray(0, at), `cut at ${at}`);
      if (at % 97 === 0) await expectRefused(bytes, `byte ${at}`);
    }
    await expectRefused(whole.subarray(0, -1), 'without its last line end');
    await expectRefused(Buffer.concat([whole, whole]), 'twice');
    await expectRefused(Buffer.concat([whole, Buffer.from('x')]), 'with more behind its end');
    const compressed = gzipSync(whole);
    await expectRefused(compressed.subarray(0, -10), 'cut off, compressed');
    compressed[100] = (compressed[100] ?? 0) ^ 1;
    await expectRefused(compressed, 'changed, compressed');
    expect(await imported(join(folder, 'refused'))).toBe(0);
  });

  it('[OPS62] refuses one of a later version, and says so', async () => {
    await log.write(2);
    await exported();
    const later = text().replace('"version":1', '"version":2');
    await expectRefused(later, 'later');
    expect(said.err).toContain('It was written by a later Offing');
  });

  /** As somebody would write it who means it: its last line agrees. */
  function sealed(lines: readonly string[]): string {
    const before = `${lines.join('\n')}\n`;
    const end = JSON.parse(linesOf(text()).at(-1) ?? '') as { counts: Record<string, number> };
    for (const kind of Object.keys(end.counts)) {
      end.counts[kind] = lines.filter((line) => line.startsWith(`{"kind":"${kind}"`)).length;
    }
    const sha256 = createHash('sha256').update(before).digest('hex');
    return `${before}${JSON.stringify({ ...end, lines: lines.length, sha256 })}\n`;
  }

  it('[OPS62] refuses one that contradicts itself, whatever its last line says', async () => {
    await liveIn(log);
    await exported();
    const lines = linesOf(text()).slice(0, -1);
    expect(sealed(lines)).toBe(text());
    const at = (start: string, nth = 0) =>
      lines.flatMap((line, i) => (line.startsWith(`{"kind":"${start}`) ? [i] : [])).at(nth) ?? 0;
    const without = (i: number) => lines.toSpliced(i, 1);
    const changed = (i: number, from: string | RegExp, to: string) => {
      const line = (lines[i] ?? '').replace(from, to);
      expect(line).not.toBe(lines[i]);
      return lines.with(i, line);
    };
    const { horizon } = spaceIn(file, S);
    const bad: Record<string, readonly string[]> = {
      'is broken at': changed(at('op"', 3), '"payload":"{', '"payload":"{ '),
      'is broken': without(at('op"', -1)),
      [`is broken at ${horizon + 3}`]: without(at('op"', 2)),
      'no actor': without(at('actor"')),
      'no account': without(at('account"')),
      'stands before its space': without(at('space"')),
      'is missing': lines.slice(0, at('space"')),
      'state stands before its snapshot': without(at('snapshot"')),
      'the snapshot before it is not whole': without(at('state"')),
      'it is not of this log': changed(at('snapshot"'), /"seq":\d+/, '"seq":999999'),
      'snapshot at 200: it is not of this log': without(at('op"')).toSpliced(
        at('snapshot"'),
        0,
        lines[at('op"')] ?? '',
      ),
      'is broken at 200': changed(
        at('snapshot"'),
        /"digest":".{32}/,
        `"digest":"${'0'.repeat(32)}`,
      ),
      'say something for the second time': lines.toSpliced(
        at('access"'),
        0,
        lines[at('access"')] ?? '',
      ),
      'no snapshot': lines.filter((line) => !/^\{"kind":"(snapshot|state)"/.test(line)),
      'not a UUIDv7': changed(at('actor"'), /"id":"./, '"id":"!'),
      'line 2: kind': lines.toSpliced(1, 0, '{"kind":"wish"}'),
      'line 2: not JSON': lines.toSpliced(1, 0, 'a line'),
      'line 2: more': changed(1, '}', ',"more":1}'),
    };
    for (const [why, altered] of Object.entries(bad)) {
      await expectRefused(sealed(altered), why);
      expect(said.err).toContain(why);
    }
  });
});
