/** Each member of what a push is answered. */
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, ops } from '../log.ts';

const section = 'Push';

const DAY_MS = 24 * 3600_000;

export const pushAnswerChecks: readonly Check[] = [
  {
    section,
    name: 'an answer repeats the name of its request, and has none where that had none',
    says: ['names the request, in at most 64 characters', 'The answer repeats it'],
    rules: ['WI35'],
    async run({ call }) {
      const answerTo = async (body: object) =>
        (await call('/sync/push', { body: { ...body, spaces: {} } })).json as { request?: string };
      for (const request of ['a', 'z'.repeat(64)])
        same('request', (await answerTo({ request })).request, request);
      same('request of one without', 'request' in (await answerTo({})), false);
    },
  },
  {
    section,
    name: 'now is the server’s wall time',
    says: ['now is the server’s wall time in ms'],
    rules: ['LG10'],
    async run({ push }) {
      const { now } = await push({});
      const apart = Math.abs(now - Date.now());
      holds(`now is ${apart} ms from the time here`, apart < DAY_MS);
    },
  },
  {
    section,
    name: 'access is write for who may write',
    says: ['access is read or write'],
    rules: ['LG15'],
    async run({ newLog }) {
      same('access', (await (await newLog()).push()).access, 'write');
    },
  },
  {
    section,
    name: 'with access read the pull is answered, and every op refused',
    says: ['With read, the pull is answered and every op is refused as forbidden'],
    rules: ['LG15', 'AU4'],
    needs: ['readOnly'],
    async run({ newLog, tokens: { readOnly = '' } }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const reader = log.other();
      const { access, refused, ops } = await reader.push({ ops: [op(1), op(2)] }, readOnly);
      same('access', access, 'read');
      const all = [1, 2].map((clock) => ({ clock, code: 'forbidden' }));
      same('refused', refused, all);
      same('ops pulled', ops.length, 1);
      same('the head after it', (await log.push()).head, 1);
    },
  },
  {
    section,
    name: 'own is true for the account that made the space, with a token that may make it again',
    says: ['own, where it is there and true'],
    rules: ['LG16'],
    needs: ['readOnly'],
    async run({ newLog, tokens: { readOnly = '' } }) {
      const log = await newLog();
      same('own of its maker', (await log.push()).own, true);
      const read = await log.other().push({}, readOnly);
      same('own with a token that only reads', read.own ?? false, false);
    },
  },
  {
    section,
    name: 'acked is the last settled clock, and settles no more than was carried',
    says: [
      'acked: every clock of this actor',
      'It settles only the ops carried in that very request',
    ],
    rules: ['LG2', 'LG5'],
    async run({ newLog }) {
      const log = await newLog();
      same('before any op', (await log.push()).acked, 0);
      same('after two', (await log.push({ ops: ops(1, 2) })).acked, 2);
      same('with the next', (await log.push({ ops: [op(3)] })).acked, 3);
      same('with none', (await log.push()).acked, 3);
    },
  },
  {
    section,
    name: 'ops are answered from since + 1 on, dense, and at least one if there is one',
    says: ['ops: from since + 1 on, dense'],
    rules: ['LG1', 'LG18'],
    async run({ newLog, pull, limits }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 3) });
      await log.other().push({ ops: [...ops(1, 2), op(3, { base: 1000 }), op(4)] });
      await log.push({ ops: [op(4)] });
      const seqsFrom = async (since: number) =>
        (await log.push({ since })).ops.map(({ seq }) => seq);
      same('seqs from 0', await seqsFrom(0), [1, 2, 3, 4, 5, 6, 7]);
      same('seqs from 4', await seqsFrom(4), [5, 6, 7]);
      same('seqs from the head', await seqsFrom(7), []);
      const { payloadBytes = 0 } = await limits();
      await log.push({ ops: [op(5, { payload: 'x'.repeat(Math.min(payloadBytes, 65_536)) })] });
      const one = (await pull(`since=${log.space}:7&limit=1`)).spaces[log.space];
      like(
        'at least one',
        { ops: one && 'ops' in one ? one.ops.length : one?.error.code },
        { ops: 1 },
      );
    },
  },
  {
    section,
    name: 'an own op that came in this very request is named alone',
    says: ['An own op that came in this very request'],
    rules: ['LG17', 'WI19'],
    async run({ newLog }) {
      const log = await newLog();
      const { ops: named } = await log.push({ ops: [op(1)] });
      const { actor } = log;
      same('the op', named, [{ seq: 1, actor, clock: 1, at: op(1)['at'] as number }]);
    },
  },
  {
    section,
    name: 'an own op that the request says it has is named alone, and no other',
    says: ['or whose clock is among those of its have', 'have, {from, to}, are the clocks'],
    rules: ['LG17'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 4) });
      await log.other().push({ ops: ops(1, 4) });
      const { ops: answered } = await log.push({ have: { from: 2, to: 3 } });
      const named = answered.filter(({ payload }) => payload === undefined);
      const names = [2, 3].map((clock) => ({
        seq: clock,
        actor: log.actor,
        clock,
        at: op(clock)['at'],
      }));
      same('named alone', named, names as never);
      same('the others', answered.length - named.length, 6);
    },
  },
  {
    section,
    name: 'with acksOnly what is carried is settled, and no op is answered',
    says: ['acksOnly asks for no ops in the answer', 'With acksOnly there are none'],
    rules: ['LG28'],
    async run({ newLog }) {
      const log = await newLog();
      await log.other().push({ ops: [op(1)] });
      const { acked, ops: none, more, head } = await log.push({ ops: ops(1, 2), acksOnly: true });
      same('acked', acked, 2);
      same('ops', none, []);
      same('more', more, true);
      same('head', head, 3);
      const { more: left } = await log.push({ since: 3, acksOnly: true });
      same('more at the head', left, false);
    },
  },
  {
    section,
    name: 'with whole there are ops only where all that are new are within the limit',
    says: [
      'With whole it asks for none where more than limit are new',
      'nor with whole where there are more than limit',
    ],
    rules: ['LG29'],
    async run({ newLog }) {
      const log = await newLog();
      await log.other().push({ ops: ops(1, 3) });
      const { ops: none, more, head } = await log.push({ limit: 2, whole: true });
      same('ops', none, []);
      same('more', more, true);
      same('head', head, 3);
      const { ops: all } = await log.push({ limit: 3, whole: true });
      same('all', all.length, 3);
    },
  },
  {
    section,
    name: 'every other op comes whole, own ones of before and those of others',
    says: ['every other op comes whole'],
    rules: ['LG17'],
    async run({ newLog }) {
      const log = await newLog();
      const other = log.other();
      await log.push({ ops: [op(1)] });
      await other.push({ ops: ops(1, 3) });
      const [own, ...foreign] = (await log.push({ ops: [op(2), op(3)] })).ops;
      same('an own op of before', own, { seq: 1, actor: log.actor, ...op(1) });
      const whole = ops(1, 3).map((sent, i) => ({ seq: i + 2, actor: other.actor, ...sent }));
      same('ops of another', foreign.slice(0, 3), whole);
    },
  },
];
