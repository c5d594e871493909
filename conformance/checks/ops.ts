/** What becomes of an op: its name, its bytes, its time, its version, or nothing. */
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, voided } from '../log.ts';

const section = 'An op';

const DAY_MS = 24 * 3600_000;

export const opChecks: readonly Check[] = [
  {
    section,
    name: 'an op comes back as it was sent, with its seq and actor',
    says: ['As a client sends it, and as the server stores and returns it', 'It stays what it was'],
    rules: ['LG17', 'LG19'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const sent = op(2, { base: 1 });
      await log.push({ since: 1, ops: [sent] });
      const [, second] = (await log.other().push()).ops;
      same('the op', second, { seq: 2, actor: log.actor, ...sent });
    },
  },
  {
    section,
    name: 'clocks are counted for each actor and in each space alone',
    says: ['clock is the op’s number', '(space, actor, clock) names the op'],
    rules: ['LG2'],
    async run({ newLog }) {
      const [one, two] = [await newLog(), await newLog()];
      await one.push({ ops: [op(1), op(2)] });
      same('acked of another actor', (await one.other().push({ ops: [op(1)] })).acked, 1);
      same('acked in another space', (await two.push({ ops: [op(1)] })).acked, 1);
      same('the head', (await one.push()).head, 3);
    },
  },
  {
    section,
    name: 'a base above the head is bad_op',
    says: ['A base above the head is bad_op'],
    rules: ['LG9'],
    async run({ newLog }) {
      const log = await newLog();
      const { refused, head } = await log.push({ ops: [op(1), op(2, { base: 1000 })] });
      same('refused', refused, [{ clock: 2, code: 'bad_op' }]);
      same('the head', head, 1);
    },
  },
  {
    section,
    name: 'at is kept, but not from the future',
    says: ['at is the author’s wall time', 'It is stored as the earlier of that'],
    rules: ['LG10'],
    async run({ newLog, push }) {
      const log = await newLog();
      const future = Date.now() + 365 * DAY_MS;
      const asked = { actor: log.actor, since: 0, ops: [op(1), op(2, { at: future })] };
      const { now } = await push({ [log.space]: asked });
      const [first, second] = (await log.other().push()).ops;
      same('the time of an op of the past', first?.at, op(1)['at'] as number);
      const at = second?.at ?? Number.NaN;
      holds(`at ${at} is later than the server's own time ${now}`, at <= now);
    },
  },
  {
    section,
    name: 'an op that names no version is of version 1',
    says: ['v is the version of the payload’s grammar'],
    rules: ['WI18'],
    async run({ newLog }) {
      const log = await newLog();
      const { v: _, ...without } = op(1);
      await log.push({ ops: [without] });
      same('the same with version 1', (await log.push({ ops: [op(1)] })).acked, 1);
      const version = (await log.other().push()).ops[0]?.v ?? 1;
      same('the version', version, 1);
    },
  },
  {
    section,
    name: 'an op of each version that is known is taken, and keeps it',
    says: ['v is the version of the payload’s grammar'],
    rules: ['WI18'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1, { v: 2 }), op(2, { v: 1 })] });
      const { ops } = await log.other().push();
      same(
        'the versions',
        ops.map((each) => each.v ?? 1),
        [2, 1],
      );
    },
  },
  {
    section,
    name: 'an unknown version stops its space, takes nothing and uses up no clock',
    says: ['A server that does not know it answers protocol_unsupported for that space'],
    rules: ['LG11'],
    async run({ newLog }) {
      const log = await newLog();
      const asked = { ops: [op(1), op(2, { v: 99 })] };
      like('the error', await log.stopped('protocol_unsupported', asked), { versions: [1, 2, 3] });
      like('the log after it', await log.push(), { head: 0, acked: 0 });
      same('the same clocks then', (await log.push({ ops: [op(1), op(2)] })).acked, 2);
    },
  },
  {
    section,
    name: 'payload and key come back byte for byte',
    says: ['payload is a string, opaque to the server'],
    rules: ['LG19'],
    async run({ newLog }) {
      const log = await newLog();
      const payloads = [
        '',
        ' {"a" : 1.0e0, "a":2}\n',
        'é\u0301 \ud83d\ude00 \u2028\ufeff',
        '\u0001',
      ];
      const sent = payloads.map((payload, i) => op(i + 1, { payload, key: `key ${i} é` }));
      await log.push({ ops: sent });
      const { ops } = await log.other().push();
      same(
        'payloads',
        ops.map(({ payload }) => payload),
        payloads,
      );
      same(
        'keys',
        ops.map(({ key }) => key ?? ''),
        payloads.map((_, i) => `key ${i} é`),
      );
    },
  },
  {
    section,
    name: 'a key id has at most 256 bytes',
    says: ['A key id has at most 256 bytes'],
    rules: ['LG9'],
    async run({ newLog }) {
      const log = await newLog();
      const longest = op(1, { key: 'é'.repeat(128) });
      const { refused } = await log.push({ ops: [longest, op(2, { key: 'é'.repeat(129) })] });
      same('refused', refused, [{ clock: 2, code: 'bad_op' }]);
    },
  },
  {
    section,
    name: 'U+0000 and lone surrogates are bad_op',
    says: ['U+0000 and lone surrogates, in payload or key, are bad_op'],
    rules: ['LG9'],
    async run({ newLog }) {
      const texts = ['\u0000', '\ud800', '\udc00x'];
      const bad = texts.flatMap((text) => [{ payload: text }, { key: text }]);
      const { refused } = await (
        await newLog()
      ).push({ ops: bad.map((more, i) => op(i + 1, more)) });
      same(
        'refused',
        refused,
        bad.map((_, i) => ({ clock: i + 1, code: 'bad_op' })),
      );
    },
  },
  {
    section,
    name: 'a void clock is used up and leaves nothing in the log',
    says: ['To give up a sealed op', 'That uses the clock up and leaves nothing in the log'],
    rules: ['LG7'],
    async run({ newLog }) {
      const log = await newLog();
      const answer = await log.push({ ops: [voided(1), op(2), voided(3)] });
      like('the answer', { ...answer, ops: [] }, { acked: 3, head: 1, taken: [] });
      same(
        'clocks in the log',
        (await log.push()).ops.map(({ clock }) => clock),
        [2],
      );
    },
  },
];
