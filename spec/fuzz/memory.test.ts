/**
 * Floods of large, endless, abandoned and exploding bodies, against the built server in a process of
 * its own. Its heap is capped, so that one that keeps what it was sent dies of it; what lies beside
 * the heap is in the peak of its resident memory. One bound for all of them together.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../core/index.ts';
import { openConnection } from './connection.ts';
import { headBytes } from './fuzz-request.ts';

const { bodyBytes } = DEFAULT_LIMITS;
const MIB = 1024 * 1024;
const AT_ONCE = 8;
const HEAP = 192 * MIB;
/** The heap, and of each request that is under way its body as it came, in one piece, and inflated. */
const BOUND = HEAP + AT_ONCE * 3 * bodyBytes + 64 * MIB;

const root = fileURLToPath(new URL('../..', import.meta.url));
const script = fileURLToPath(new URL('weighed-server.mjs', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'offing-weighed-'));
let child: ReturnType<typeof fork>;
let port: number;
let token: string;
let atRest: number;

beforeAll(async () => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-b', 'server'], { cwd: root, stdio: 'inherit' });
  child = fork(script, [data], { execArgv: [`--max-old-space-size=${HEAP / MIB}`] });
  const [told] = (await once(child, 'message')) as [{ port: number; token: string; peak: number }];
  ({ port, token, peak: atRest } = told);
}, 120_000);
afterAll(async () => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  rmSync(data, { recursive: true });
});

interface Flood {
  readonly times: number;
  readonly headers?: readonly (readonly [string, string])[];
  /** Sent one after the other, for as long as the server takes them. */
  readonly pieces: readonly Buffer[];
  /** What the head says; null: in chunks. */
  readonly length: number | null;
  /** Null where the rest never comes. */
  readonly expected: number | null;
}

const id = (i: number) => `01990000-0000-7000-8000-${String(i).padStart(12, '0')}`;
const fill = (text: string): Buffer => Buffer.from(text.repeat(bodyBytes / text.length));
const whole = (body: Buffer) => ({ pieces: [body], length: body.length });
const GZIP = [['Content-Encoding', 'gzip']] as const;
/** Each member of a gzip is inflated behind the one before: 16 KiB that are 16 MiB, a hundred times. */
const zeros = gzipSync(Buffer.alloc(16 * MIB));
const bomb = Buffer.concat(Array.from({ length: 100 }, () => zeros));

const FLOODS: Readonly<Record<string, Flood>> = {
  'a bomb of 1600 MiB': { times: 16, headers: GZIP, ...whole(bomb), expected: 413 },
  'a body of 64 MiB': {
    times: 16,
    pieces: Array.from({ length: 64 }, () => Buffer.alloc(MIB, ' ')),
    length: 64 * MIB,
    expected: 413,
  },
  'chunks without end': {
    times: 16,
    pieces: Array.from({ length: 64 }, () => chunkOf(MIB)),
    length: null,
    expected: 413,
  },
  'a body that is abandoned': {
    times: 16,
    pieces: [Buffer.alloc(bodyBytes - 1, ' ')],
    length: bodyBytes,
    expected: null,
  },
  // Together far more than the bound: a server that kept what it had read would be found out.
  'no JSON at all': { times: 160, ...whole(fill('x')), expected: 400 },
  'one long text': {
    times: 8,
    ...whole(Buffer.from(`"${'x'.repeat(bodyBytes - 2)}"`)),
    expected: 400,
  },
  'depth alone': { times: 8, ...whole(fill('[')), expected: 400 },
  'empty arrays': { times: 8, ...whole(Buffer.from(`[${'[],'.repeat(690_000)}1]`)), expected: 400 },
  'empty objects': {
    times: 8,
    ...whole(Buffer.from(`[${'{},'.repeat(690_000)}1]`)),
    expected: 400,
  },
  'many spaces': { times: 8, ...whole(manySpaces()), expected: 413 },
  'without a token': {
    times: 16,
    headers: [['Authorization', 'Bearer off_none']],
    pieces: [fill(' ')],
    length: bodyBytes,
    expected: 401,
  },
};

function chunkOf(size: number): Buffer {
  const head = Buffer.from(`${size.toString(16)}\r\n`);
  return Buffer.concat([head, Buffer.alloc(size, ' '), Buffer.from('\r\n')]);
}

function manySpaces(): Buffer {
  const ask = { actor: id(1), since: 0 };
  const spaces = Array.from({ length: 17_000 }, (_, i) => [id(i), ask]);
  return Buffer.from(JSON.stringify({ spaces: Object.fromEntries(spaces) }));
}

async function send({ headers = [], pieces, length, expected }: Flood): Promise<void> {
  const connection = await openConnection(port);
  const framing =
    length === null ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', `${length}`];
  const own = [
    ['Host', 'x'],
    ['Authorization', `Bearer ${token}`],
    ['Content-Type', 'application/json'],
  ] as const;
  const all = [...own.filter(([name]) => !headers.some(([each]) => each === name)), ...headers];
  const head = headBytes('POST', '/sync/push', [...all, framing as [string, string]]);
  const sending = connection.send([head, ...pieces]);
  // Who goes on writing to a connection that was closed with its answer may not get to read it.
  if (expected === null) await sending;
  else expect((await connection.next('POST'))?.status ?? expected).toBe(expected);
  connection.drop();
  await sending;
}

async function peak(): Promise<number> {
  const told = once(child, 'message');
  child.send('peak');
  return ((await told) as [{ peak: number }])[0].peak;
}

const answered = async (): Promise<number> => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${port}/sync/account`, { headers })).status;
};

it.each(Object.entries(FLOODS))(
  '[WI33] a flood is answered in bounded memory: %s',
  async (_, flood) => {
    for (let sent = 0; sent < flood.times; sent += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, () => send(flood)));
    }
    expect(await answered()).toBe(200);
    expect(await peak()).toBeLessThan(atRest + BOUND);
  },
  60_000,
);

it('[WI33] [WI34] so is a question about many large spaces', async () => {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const url = `http://127.0.0.1:${port}/sync`;
  const payload = 'x'.repeat(DEFAULT_LIMITS.payloadBytes);
  const ops = Array.from({ length: 30 }, (_, i) => ({ clock: i + 1, base: 0, at: 0, payload }));
  const spaces = Array.from({ length: 16 }, (_, i) => id(i + 1));
  for (const space of spaces) {
    const ask = { actor: id(1), since: 0, create: true, ops };
    const body = JSON.stringify({ spaces: { [space]: ask } });
    expect((await fetch(`${url}/push`, { method: 'POST', headers, body })).status).toBe(200);
  }
  const since = spaces.map((space) => `${space}:0`).join(',');
  const pull = async () => {
    const response = await fetch(`${url}/pull?since=${since}`, { headers });
    return (await response.arrayBuffer()).byteLength;
  };
  const sizes = await Promise.all(Array.from({ length: AT_ONCE }, pull));
  for (const size of sizes) expect(size).toBeGreaterThan(DEFAULT_LIMITS.answerBytes);
  expect(await peak()).toBeLessThan(atRest + BOUND);
}, 60_000);
