/** What a request is made of: version, token, body, ids and counts. */
import { gzipSync } from 'node:zlib';
import { isObject } from '../../core/index.ts';
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op } from '../log.ts';
import { uuid } from '../uuid.ts';

const section = 'Requests and errors';
const intro = 'The Offing sync protocol, version 1';

const TOO_BIG = 2 ** 53;

export const requestChecks: readonly Check[] = [
  {
    section: intro,
    name: 'answers are JSON over HTTP, under /sync',
    says: ['JSON over HTTP, under /sync'],
    rules: ['WI11'],
    async run({ call }) {
      for (const path of ['/sync/limits', '/sync/account', '/sync/spaces']) {
        const { status, headers, json } = await call(path);
        same(`the status of ${path}`, status, 200);
        const type = headers.get('Content-Type') ?? '';
        holds(`${path} is ${type}, not application/json`, type.startsWith('application/json'));
        holds(`${path} answers nothing`, isObject(json) && Object.keys(json).length > 0);
      }
    },
  },
  {
    section: intro,
    name: 'integers are taken up to 2^53 − 1, and no further',
    says: ['Integers are JSON safe integers (at most 2^53 − 1)'],
    rules: ['WI2', 'OP10'],
    async run({ newLog, problem }) {
      const log = await newLog();
      const { space, actor } = log;
      const { head } = await log.stopped('cursor_ahead', { since: TOO_BIG - 1 });
      same('the head', head, 0);
      for (const since of [TOO_BIG, -1, 1.5, '1']) {
        const body = { spaces: { [space]: { actor, since } } };
        like(`since ${since}`, await problem('bad_request', '/sync/push', { body }), {
          path: `spaces.${space}.since`,
        });
      }
    },
  },
  {
    section: intro,
    name: 'an id that is no UUIDv7 in lower case is not of the form',
    says: ['Ids of spaces, actors, devices and accounts are UUIDv7'],
    rules: ['WI2', 'OP10'],
    async run({ newLog, problem, call }) {
      const { space, actor } = await newLog();
      const wrong = [actor.replace(/^(.{14})7/, '$14'), actor.toUpperCase(), 'x', ''];
      for (const id of wrong.filter((text) => text !== actor)) {
        const asked = { spaces: { [space]: { actor: id, since: 0 } } };
        await problem('bad_request', '/sync/push', { body: asked });
        const about = { spaces: { [id]: { actor, since: 0 } } };
        await problem('bad_request', '/sync/push', { body: about });
        await problem('bad_request', '/sync/spaces', { body: { space: id } });
      }
      const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
      const { account, home } = (await call('/sync/account')).json as Record<string, string>;
      holds(`the account ${account} is no UUIDv7`, form.test(account ?? ''));
      holds(`the home ${home} is no UUIDv7`, form.test(home ?? ''));
    },
  },
  {
    section: intro,
    name: 'members that are not named are ignored',
    says: ['Members that are not named here are ignored by both sides'],
    rules: ['WI2'],
    async run({ newLog, push, call }) {
      const { space, actor } = await newLog();
      const more = { unheardOf: [1, { a: null }] };
      const asked = { actor, since: 0, ops: [{ ...op(1), ...more }], ...more };
      const { spaces } = await push({ [space]: asked }, { ...more, device: uuid() });
      like('the answer', spaces[space], { acked: 1, head: 1 });
      const made = await call('/sync/spaces', { body: { space: uuid(), ...more } });
      same('the status of making a space', made.status, 201);
    },
  },
  {
    section,
    name: 'a request names version 1, or none',
    says: ['A request carries a token', 'Bearer off_…, and may carry the version'],
    rules: ['WI6', 'AU2'],
    async run({ call }) {
      for (const headers of [{ 'Offing-Protocol': '1' }, {}]) {
        const { status, json } = await call('/sync/account', { headers });
        same('the status', status, 200);
        holds('an account is answered', isObject(json) && typeof json['account'] === 'string');
      }
    },
  },
  {
    section,
    name: 'a body is taken plain and gzipped',
    says: ['A request body is JSON in UTF-8'],
    rules: ['WI4'],
    async run({ newLog, call }) {
      const { space, actor } = await newLog();
      const text = JSON.stringify({ spaces: { [space]: { actor, since: 0, ops: [op(1)] } } });
      const gzip = { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(text) };
      for (const asked of [{ body: text }, gzip]) {
        const { status, json } = await call('/sync/push', asked);
        same('the status', status, 200);
        const { spaces } = json as { spaces: Record<string, unknown> };
        like('the answer', spaces[space], { acked: 1, head: 1 });
      }
    },
  },
  {
    section,
    name: 'any other kind of body is unsupported_media',
    says: ['anything else is unsupported_media', '415 | unsupported_media'],
    rules: ['WI4'],
    async run({ problem }) {
      const kinds = [
        { 'Content-Type': 'text/plain' },
        { 'Content-Type': 'application/x-www-form-urlencoded' },
        { 'Content-Type': 'application/json; charset=latin1' },
        { 'Content-Encoding': 'br' },
        { 'Content-Encoding': 'deflate' },
      ];
      for (const headers of kinds) {
        await problem('unsupported_media', '/sync/push', { headers, body: '{"spaces":{}}' });
      }
    },
  },
  {
    section,
    name: 'answers are compressed for who accepts that, and for nobody else',
    says: ['Answers are compressed with gzip, br or zstd for who accepts that'],
    rules: ['WI5'],
    async run({ newLog, call }) {
      const log = await newLog();
      await log.push({ ops: [op(1, { payload: 'a'.repeat(20_000) })] });
      const encodingFor = async (accepted: string) => {
        const headers = { 'Accept-Encoding': accepted };
        const reply = await call(`/sync/pull?since=${log.space}:0`, { headers });
        same('the status', reply.status, 200);
        return reply.headers.get('Content-Encoding') ?? 'identity';
      };
      for (const accepted of ['identity', 'gzip;q=0', 'gzip;q=0, br;q=0, zstd;q=0']) {
        same(`the encoding for ${accepted}`, await encodingFor(accepted), 'identity');
      }
      for (const accepted of ['gzip', 'br']) {
        const encoding = await encodingFor(accepted);
        holds(`${encoding} for ${accepted}`, [accepted, 'identity'].includes(encoding));
      }
      const either = await encodingFor('gzip, br');
      holds(`the encoding for gzip and br: ${either}`, ['gzip', 'br'].includes(either));
    },
  },
];
