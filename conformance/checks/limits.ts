/** The limits that a server announces, each one held at its edge and just beyond. */
import { gzipSync } from 'node:zlib';
import { holds, like, same } from '../agree.ts';
import { Unreachable } from '../check.ts';
import type { Check } from '../check.ts';
import { op, ops } from '../log.ts';
import { uuid } from '../uuid.ts';

const section = 'Limits';

const NAMES = [
  'opsPerSpace',
  'spacesPerRequest',
  'bodyBytes',
  'jsonDepth',
  'payloadBytes',
  'opsPerAnswer',
  'answerBytes',
];

const MOST_BYTES = 64 * 1024 * 1024;

export const limitChecks: readonly Check[] = [
  {
    section,
    name: 'the limits are told to anyone',
    says: ['A server may be configured otherwise; GET /sync/limits says how'],
    rules: ['WI11'],
    async run({ call }) {
      const { status, json } = await call('/sync/limits', { token: null });
      same('the status', status, 200);
      for (const name of NAMES) {
        const limit = (json as Record<string, unknown>)[name];
        holds(`"${name}" is ${String(limit)}`, Number.isSafeInteger(limit) && Number(limit) > 0);
      }
    },
  },
  {
    section: 'Spaces and account',
    name: 'the limits name the protocols and the payloads that are spoken',
    says: ['GET /sync/limits → {protocols: [1], payloads: [1, 2, 3], …}', 'No token is needed'],
    rules: ['WI11'],
    async run({ call }) {
      const { json } = await call('/sync/limits', { token: null });
      like('the limits', json, { protocols: [1], payloads: [1, 2, 3] });
    },
  },
  {
    section,
    name: 'more ops of a space than a request may carry are too_large',
    says: ['opsPerSpace'],
    rules: ['WI7'],
    async run({ newLog, limits, problem }) {
      const { opsPerSpace = 0 } = await limits();
      const log = await newLog();
      const sent = ops(1, opsPerSpace + 1);
      const path = `spaces.${log.space}.ops`;
      const body = { spaces: { [log.space]: { actor: log.actor, since: 0, ops: sent } } };
      like('the problem', await problem('too_large', '/sync/push', { body }), {
        limit: opsPerSpace,
        path,
      });
      same('the head after it', (await log.push()).head, 0);
      const one = await log.push({ ops: sent.slice(0, -1) });
      same('acked of one less', one.acked, opsPerSpace);
    },
  },
  {
    section,
    name: 'more spaces than a request may carry are too_large',
    says: ['spacesPerRequest'],
    rules: ['WI7'],
    async run({ newLog, limits, problem, push }) {
      const { spacesPerRequest = 0 } = await limits();
      const log = await newLog();
      const asked = { actor: log.actor, since: 0, ops: [op(1)] };
      const others = Array.from({ length: spacesPerRequest }, () => [uuid(), asked] as const);
      const spaces = { [log.space]: asked, ...Object.fromEntries(others) };
      const body = { spaces };
      like('the problem', await problem('too_large', '/sync/push', { body }), {
        limit: spacesPerRequest,
        path: 'spaces',
      });
      same('the head after it', (await log.push()).head, 0);
      const [[last] = ['']] = others;
      const { [last]: _, ...fewer } = spaces;
      like('one less', (await push(fewer)).spaces[log.space], { acked: 1 });
    },
  },
  {
    section,
    name: 'a body beyond the limit is too_large, as sent and as inflated',
    says: ['bodyBytes'],
    rules: ['WI3'],
    async run({ limits, problem, call }) {
      const { bodyBytes = 0 } = await limits();
      if (bodyBytes > MOST_BYTES) throw new Unreachable(`a limit of at most ${MOST_BYTES} bytes`);
      const text = '{"spaces":{}}';
      const longest = text + ' '.repeat(bodyBytes - text.length);
      same('the status at the limit', (await call('/sync/push', { body: longest })).status, 200);
      const gzip = { 'Content-Encoding': 'gzip' };
      // A server that reads no further cannot keep the connection for the next request.
      const close = { Connection: 'close' };
      const bodies = [
        { body: `${longest} `, headers: close },
        { body: gzipSync(`${longest} `), headers: { ...gzip, ...close } },
      ];
      for (const asked of bodies) {
        like('the problem', await problem('too_large', '/sync/push', asked), { limit: bodyBytes });
      }
    },
  },
  {
    section: 'Requests and errors',
    name: 'too_large names its limit',
    says: ['413 | too_large'],
    rules: ['WI3', 'WI7'],
    async run({ limits, problem }) {
      const { spacesPerRequest = 0 } = await limits();
      const asked = { actor: uuid(), since: 0 };
      const all = Array.from({ length: spacesPerRequest + 1 }, () => [uuid(), asked] as const);
      const body = { spaces: Object.fromEntries(all) };
      const { limit } = await problem('too_large', '/sync/push', { body });
      same('its limit', limit, spacesPerRequest);
    },
  },
  {
    section,
    name: 'a body nested more deeply than the limit is bad_request',
    says: ['jsonDepth'],
    rules: ['WI3'],
    async run({ newLog, limits, problem, push }) {
      const { jsonDepth = 0 } = await limits();
      const { space, actor } = await newLog();
      const nested = (levels: number) =>
        JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
      const asked = (levels: number) => ({
        spaces: { [space]: { actor, since: 0 } },
        x: nested(levels),
      });
      await push({ [space]: { actor, since: 0 } }, { x: nested(jsonDepth - 1) });
      const fault = await problem('bad_request', '/sync/push', { body: asked(jsonDepth) });
      like('the problem', fault, { limit: jsonDepth });
    },
  },
  {
    section,
    name: 'a payload is counted in bytes of UTF-8, and refused beyond the limit',
    says: ['payloadBytes'],
    rules: ['LG9'],
    async run({ newLog, limits }) {
      const { payloadBytes = 0, bodyBytes = 0 } = await limits();
      if (2 * payloadBytes > bodyBytes)
        throw new Unreachable('a body that has room for two payloads');
      const log = await newLog();
      const longest = 'é'.repeat(Math.floor(payloadBytes / 2)) + 'x'.repeat(payloadBytes % 2);
      const sent = [op(1, { payload: longest }), op(2, { payload: `${longest}x` })];
      const { refused, head } = await log.push({ ops: sent });
      same('refused', refused, [{ clock: 2, code: 'too_large', limit: payloadBytes }]);
      same('the head', head, 1);
    },
  },
];
