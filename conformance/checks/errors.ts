/** Errors of a whole request: each code of the table, its form, and that nothing is cached. */
import { gzipSync } from 'node:zlib';
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op } from '../log.ts';
import type { Asked } from '../probe.ts';
import { uuid } from '../uuid.ts';

const section = 'Requests and errors';

export const errorChecks: readonly Check[] = [
  {
    section,
    name: 'nothing is cached, no answer and no error',
    says: ['Everything but an immutable snapshot is Cache-Control: no-store'],
    rules: ['WI1', 'WI15'],
    async run({ newLog, call }) {
      const { space, actor } = await newLog();
      const body = { spaces: { [space]: { actor, since: 0 } } };
      const paths = [
        '/sync/limits',
        '/sync/account',
        '/sync/spaces',
        `/sync/bootstrap/${space}`,
        `/sync/pull?since=${space}:0`,
        '/sync/pull',
        '/sync/nowhere',
      ];
      const asked: readonly (readonly [string, Asked])[] = [
        ...paths.map((path) => [path, {}] as const),
        ['/sync/push', { body }],
        ['/sync/push', { body: 'no JSON' }],
        ['/sync/account', { token: null }],
        ['/sync/local', { body: {} }],
      ];
      for (const [path, more] of asked) {
        const { status, headers } = await call(path, more);
        const what = `Cache-Control of ${path} (HTTP ${status})`;
        same(what, headers.get('Cache-Control'), 'no-store');
      }
    },
  },
  {
    section,
    name: 'an error is application/problem+json with code, status and title',
    says: ['An error of a whole request is application/problem+json'],
    rules: ['WI1', 'WI21'],
    async run({ problem }) {
      const problems = [
        await problem('bad_request', '/sync/push', { body: [] }),
        await problem('token_missing', '/sync/spaces', { token: null }),
        await problem('not_found', '/sync/nowhere'),
        await problem('no_such_space', `/sync/bootstrap/${uuid()}`),
      ];
      for (const { title } of problems) {
        holds('a title is a text', typeof title === 'string' && title !== '');
      }
    },
  },
  {
    section,
    name: 'a request that is not of the form is bad_request, with the path of the fault',
    says: ['400 | bad_request | not of the form given here'],
    rules: ['WI2'],
    async run({ newLog, problem }) {
      const { space, actor } = await newLog();
      const at = (member: string) => `spaces.${space}${member}`;
      const wrong: readonly (readonly [string, object])[] = [
        [at(''), { [space]: 1 }],
        [at('.actor'), { [space]: { since: 0 } }],
        [at('.since'), { [space]: { actor } }],
        [at('.digest'), { [space]: { actor, since: 0, digest: 'x' } }],
        [at('.ops'), { [space]: { actor, since: 0, ops: {} } }],
        [at('.ops.1.clock'), { [space]: { actor, since: 0, ops: [op(1), op(0)] } }],
        [at('.ops.0.base'), { [space]: { actor, since: 0, ops: [op(1, { base: -1 })] } }],
        [at('.ops.0.payload'), { [space]: { actor, since: 0, ops: [op(1, { payload: 1 })] } }],
      ];
      for (const [path, spaces] of wrong) {
        same(
          'path',
          (await problem('bad_request', '/sync/push', { body: { spaces } }))['path'],
          path,
        );
      }
    },
  },
  {
    section,
    name: 'what is no JSON, no UTF-8, or broken off is bad_request',
    says: ['Also a body nested too deeply (limit), not JSON, not UTF-8, or broken off'],
    rules: ['WI2', 'WI3'],
    async run({ problem, limits }) {
      const gzip = { 'Content-Encoding': 'gzip' };
      const text = gzipSync(JSON.stringify({ spaces: {}, pad: 'pad'.repeat(100) }));
      await problem('bad_request', '/sync/push', { body: '{"spaces":' });
      await problem('bad_request', '/sync/push', { body: '' });
      await problem('bad_request', '/sync/push', { body: new Uint8Array([0x22, 0xff, 0x22]) });
      await problem('bad_request', '/sync/push', { body: text.subarray(0, 20), headers: gzip });
      await problem('bad_request', '/sync/push', { body: '{"spaces":{}}', headers: gzip });
      const { jsonDepth = 0 } = await limits();
      const body = '['.repeat(jsonDepth + 1) + ']'.repeat(jsonDepth + 1);
      like('too deep', await problem('bad_request', '/sync/push', { body }), { limit: jsonDepth });
    },
  },
  {
    section,
    name: 'another version of the protocol is answered with those spoken',
    says: ['400 | protocol_unsupported'],
    rules: ['WI6'],
    async run({ problem }) {
      const headers = { 'Offing-Protocol': '999' };
      for (const path of ['/sync/account', '/sync/limits']) {
        like('the problem', await problem('protocol_unsupported', path, { headers }), {
          versions: [1],
        });
      }
    },
  },
  {
    section,
    name: 'no token is token_missing, an unknown one token_invalid',
    says: ['401 | token_missing token_invalid'],
    rules: ['AU2'],
    async run({ problem }) {
      const body = { spaces: {} };
      const token = `off_${'A'.repeat(43)}`;
      for (const path of ['/sync/account', '/sync/spaces', '/sync/pull?since=x', '/sync/events']) {
        await problem('token_missing', path, { token: null });
        await problem('token_invalid', path, { token });
      }
      await problem('token_missing', '/sync/push', { token: null, body });
      await problem('token_invalid', '/sync/push', { token, body });
    },
  },
  {
    section,
    name: 'a revoked token is token_revoked',
    says: ['401 | token_revoked'],
    rules: ['AU5'],
    needs: ['revoked'],
    async run({ problem, tokens: { revoked = '' } }) {
      await problem('token_revoked', '/sync/account', { token: revoked });
      await problem('token_revoked', '/sync/push', { token: revoked, body: { spaces: {} } });
    },
  },
  {
    section,
    name: 'a space that the token does not reach is forbidden',
    says: ['403 | forbidden'],
    rules: ['AU7'],
    needs: ['other'],
    async run({ newLog, problem, tokens: { other = '' } }) {
      const { space } = await newLog();
      await problem('forbidden', `/sync/bootstrap/${space}`, { token: other });
      await problem('forbidden', '/sync/spaces', { token: other, body: { space } });
    },
  },
  {
    section,
    name: 'a request in the name of another account is wrong_account',
    says: ['403 | wrong_account'],
    rules: ['WI8'],
    async run({ newLog, problem }) {
      const { space, actor } = await newLog();
      const body = { account: uuid(), spaces: { [space]: { actor, since: 0 } } };
      await problem('wrong_account', '/sync/push', { body });
    },
  },
  {
    section,
    name: 'what is not there is no_such_space or not_found',
    says: ['404 | no_such_space not_found'],
    rules: ['WI21'],
    async run({ problem }) {
      await problem('no_such_space', `/sync/bootstrap/${uuid()}`);
      await problem('not_found', '/sync/nowhere');
      await problem('not_found', '/sync/push/more', { body: {} });
    },
  },
  {
    section,
    name: 'a snapshot that is not there is no_such_snapshot',
    says: ['404 | no_such_snapshot'],
    rules: ['SN6'],
    async run({ newLog, problem }) {
      const { space } = await newLog();
      await problem('no_such_snapshot', `/sync/bootstrap/${space}?epoch=none&seq=5&offset=0`);
    },
  },
];
