import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemError } from './http/problem.ts';
import { healthRoute } from './routes/health.ts';
import { StorageBusyError, StorageFullError } from './store/faults.ts';
import { actorId, op, spaceId } from './testing/log-words.ts';
import { answerIn, errorIn, openApp } from './testing/open-app.ts';
import type { Asked, TestApp } from './testing/open-app.ts';

let app: TestApp;
let ann: string;
let bob: string;
const [S, OTHER] = [spaceId(1), spaceId(2)];
const A = actorId(1);
beforeAll(async () => {
  app = await openApp();
  ann = await app.tokenFor('ann');
  bob = await app.tokenFor('bob');
  await app.push(ann, { [S]: { actor: A, since: 0, create: true, ops: [op(1)] } });
});
afterAll(() => app.stop());

const codeOf = async (response: Response) => [response.status, (await response.json()) as unknown];

/** Every route of the protocol that needs a token: a new one fails here until it is listed. */
const ROUTES: Readonly<Record<string, Asked>> = {
  'POST /sync/push': { body: { spaces: {} } },
  'GET /sync/pull': {},
  'GET /sync/spaces': {},
  'POST /sync/spaces': { body: { space: spaceId(77) } },
  'GET /sync/account': {},
  'GET /sync/bootstrap/:space': {},
  'GET /sync/events': {},
};
const PUBLIC = ['GET /sync/limits', 'POST /sync/local'];

describe('the routes', () => {
  const listed = () =>
    app.app.routes
      .filter(({ path, method }) => path.startsWith('/sync/') && method !== 'ALL')
      .map(({ path, method }) => `${method} ${path}`);

  it('[AU2] are all listed here', () => {
    expect(new Set(listed())).toEqual(new Set([...Object.keys(ROUTES), ...PUBLIC]));
  });

  it.each(Object.entries(ROUTES))('[AU2] %s needs a token that counts', async (route, asked) => {
    const path = (route.split(' ')[1] ?? '').replace(':space', S);
    const ask = (more: Asked) => app.call(path, { ...asked, ...more });
    expect(await codeOf(await ask({}))).toMatchObject([401, { code: 'token_missing' }]);
    for (const header of ['Basic abc', 'Bearer', `Bearer ${ann}x`, `Bearer ${ann} ${ann}`, ann]) {
      const response = await ask({ headers: { Authorization: header } });
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
      expect(await codeOf(response)).toMatchObject([401, { code: 'token_invalid' }]);
    }
    const revoked = await app.tokenFor('ann');
    const { id = '' } = (await app.tokens.list()).at(-1) ?? {};
    await app.tokens.revoke(id);
    expect(await codeOf(await ask({ token: revoked }))).toMatchObject([
      401,
      { code: 'token_revoked' },
    ]);
  });
});

describe('who reaches what', () => {
  const push = async (token: string, asked: object) =>
    app.push(token, { [S]: { actor: actorId(9), since: 0, ...asked } });

  it('[AU7] nobody without a grant reads, writes, makes or hears of a space', async () => {
    for (const asked of [{}, { ops: [op(1)] }, { create: true }]) {
      expect(errorIn(await push(bob, asked), S)).toEqual({ code: 'forbidden' });
    }
    const bootstrap = await app.call(`/sync/bootstrap/${S}`, { token: bob });
    expect(await codeOf(bootstrap)).toMatchObject([403, { code: 'forbidden' }]);
    const make = await app.call('/sync/spaces', { token: bob, body: { space: S } });
    expect(await codeOf(make)).toMatchObject([403, { code: 'forbidden' }]);
    const { spaces } = (await (await app.call('/sync/spaces', { token: bob })).json()) as {
      spaces: { space: string }[];
    };
    expect(spaces.map(({ space }) => space)).not.toContain(S);
  });

  it('[LG14] an actor of somebody else cannot be used, even where the space can', async () => {
    const mine = spaceId(50);
    await app.push(bob, { [mine]: { actor: A, since: 0, create: true, ops: [op(1)] } });
    const other = await app.push(ann, { [mine]: { actor: A, since: 0 } });
    expect(errorIn(other, mine)).toEqual({ code: 'forbidden' });
  });

  it('[AU3] a token of one space reaches that one alone', async () => {
    const narrow = await app.tokenFor('ann', { onlySpace: S });
    expect(answerIn(await push(narrow, {}), S)).toMatchObject({ head: 1 });
    for (const asked of [{}, { create: true }]) {
      const answers = await app.push(narrow, { [OTHER]: { actor: A, since: 0, ...asked } });
      expect(errorIn(answers, OTHER)).toEqual({ code: 'forbidden' });
    }
    const spaces = await (await app.call('/sync/spaces', { token: narrow })).json();
    expect(spaces).toEqual({ spaces: [{ space: S, access: 'own' }] });
    const make = await app.call('/sync/spaces', { token: narrow, body: { space: OTHER } });
    expect(make.status).toBe(403);
    expect((await app.call(`/sync/bootstrap/${OTHER}`, { token: narrow })).status).toBe(403);
  });

  it('[AU4] a read-only token pulls, and never writes or makes', async () => {
    const reader = await app.tokenFor('ann', { readOnly: true });
    const answer = answerIn(await push(reader, { ops: [op(1)] }), S);
    expect(answer).toMatchObject({ access: 'read', head: 1, acked: 1 });
    expect(answer.refused).toEqual([{ clock: 1, code: 'forbidden' }]);
    const made = await app.push(reader, { [OTHER]: { actor: A, since: 0, create: true } });
    expect(errorIn(made, OTHER)).toEqual({ code: 'forbidden' });
    expect((await app.call('/sync/spaces', { token: reader, body: { space: OTHER } })).status).toBe(
      403,
    );
    const spaces = (await (await app.call('/sync/spaces', { token: reader })).json()) as object;
    expect(spaces).toMatchObject({
      spaces: expect.arrayContaining([{ space: S, access: 'read' }]),
    });
  });
});

describe('spaces and account', () => {
  it('[AU6] an account comes with its home space', async () => {
    const response = await app.call('/sync/account', { token: ann });
    const { account, home, name } = (await response.json()) as Record<string, string>;
    expect(name).toBe('ann');
    expect(account).toBe((await app.accounts.named('ann')).id);
    const listed = await (await app.call('/sync/spaces', { token: ann })).json();
    expect(listed).toMatchObject({
      spaces: [{ space: home, access: 'own' }, expect.objectContaining({ space: S })],
    });
  });

  it('[WI14] a space is made once, and is there afterwards', async () => {
    const make = () => app.call('/sync/spaces', { token: ann, body: { space: spaceId(30) } });
    const first = await make();
    expect(first.status).toBe(201);
    const again = await make();
    expect([again.status, await again.json()]).toEqual([200, await first.json()]);
    const bad = await app.call('/sync/spaces', { token: ann, body: { space: 'x' } });
    expect(await codeOf(bad)).toMatchObject([400, { code: 'bad_request', path: 'space' }]);
  });

  it('[WI13] a bootstrap without a snapshot is its header at seq 0', async () => {
    const response = await app.call(`/sync/bootstrap/${S}`, { token: ann });
    expect(response.headers.get('Content-Type')).toBe('application/x-ndjson');
    const [line, rest] = (await response.text()).split('\n');
    const header = JSON.parse(line ?? '') as Record<string, unknown>;
    expect(header).toMatchObject({
      space: S,
      seq: 0,
      horizon: 0,
      records: 0,
      digest: '0'.repeat(32),
    });
    expect(rest).toBe('');
    expect(response.headers.get('ETag')).toBe(`"${String(header['epoch'])}-0"`);
    const none = await app.call(`/sync/bootstrap/${spaceId(99)}`, { token: ann });
    expect(await codeOf(none)).toMatchObject([404, { code: 'no_such_space' }]);
    const bad = await app.call('/sync/bootstrap/x', { token: ann });
    expect(await codeOf(bad)).toMatchObject([400, { code: 'bad_request', path: 'space' }]);
  });
});

describe('the protocol as a whole', () => {
  it('[WI11] limits are told without a token', async () => {
    const response = await app.call('/sync/limits');
    expect(await response.json()).toMatchObject({
      protocols: [1],
      payloads: [1, 2, 3],
      opsPerSpace: 500,
      payloadBytes: 65_536,
      bodyBytes: 2_097_152,
    });
  });

  it('[WI12] what a worker should have caught is a conflict', async () => {
    const response = await app.call('/sync/local', { body: { do: [] } });
    expect(await codeOf(response)).toMatchObject([409, { code: 'no_worker' }]);
  });

  it('[WI6] a version that is not spoken is answered with those that are', async () => {
    const ask = (version: string) =>
      app.call('/sync/account', { token: ann, headers: { 'Offing-Protocol': version } });
    expect((await ask('1')).status).toBe(200);
    expect(await codeOf(await ask('2'))).toMatchObject([
      400,
      { code: 'protocol_unsupported', versions: [1] },
    ]);
  });

  it('[WI1] an error is a problem with a stable code, and never cached', async () => {
    const response = await app.call('/sync/nothing', { token: ann });
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await codeOf(response)).toEqual([
      404,
      { code: 'not_found', status: 404, title: expect.any(String) as string },
    ]);
  });

  it.each([
    [new Error('secret'), 500, 'internal', null],
    [new StorageFullError('secret'), 507, 'storage_full', null],
    [new StorageBusyError('secret'), 503, 'overloaded', '1'],
  ])('[WI17] %s is told by its code, and reported, and nothing else', async (fault, ...told) => {
    let isBroken = false;
    const now = () => {
      if (isBroken) throw fault;
      return Date.now();
    };
    const broken = await openApp({ now });
    const token = await broken.tokenFor('ann');
    isBroken = true;
    const response = await broken.call('/sync/push', { token, body: { spaces: {} } });
    const text = await response.text();
    const { code } = JSON.parse(text) as { code: string };
    expect([response.status, code, response.headers.get('Retry-After')]).toEqual(told);
    expect(text).not.toContain('secret');
    expect(broken.reports).toEqual([fault]);
    await broken.stop();
  });

  it('[WI15] nothing of the protocol is ever cached', async () => {
    const paths = ['account', 'spaces', 'limits', `bootstrap/${S}`, `pull?since=${S}:0`];
    for (const path of paths) {
      const response = await app.call(`/sync/${path}`, { token: ann });
      expect([path, response.headers.get('Cache-Control')]).toEqual([path, 'no-store']);
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(response.headers.get('Referrer-Policy')).toBe('no-referrer');
    }
  });

  it('[OPS1] says that it is up, and that it is ready', async () => {
    expect((await app.call('/healthz')).status).toBe(200);
    expect((await app.call('/readyz')).status).toBe(200);
  });

  it('[OPS1] is up and not ready while it stops', async () => {
    const stopping = await openApp();
    const stopped = stopping.stop();
    expect((await stopping.call('/healthz')).status).toBe(200);
    expect(await codeOf(await stopping.call('/readyz'))).toMatchObject([
      503,
      { code: 'overloaded' },
    ]);
    await stopped;
  });

  it('[OPS1] is up and not ready without its database', async () => {
    const ping = () => Promise.reject(new Error('gone'));
    const health = healthRoute({ ping, isStopping: () => false });
    health.onError((error) => (error as ProblemError).toResponse());
    expect((await health.request('/healthz')).status).toBe(200);
    expect((await health.request('/readyz')).status).toBe(503);
  });
});
