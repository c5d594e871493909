/** What a push asks of a space, and what holds for all of it. */
import { like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, ops } from '../log.ts';
import { uuid } from '../uuid.ts';

const section = 'Push';

export const pushChecks: readonly Check[] = [
  {
    section,
    name: 'a push sends, and answers what is new, in one round trip',
    says: ['POST /sync/push sends, and learns what is new, in one round trip'],
    rules: ['WI18'],
    async run({ newLog }) {
      const log = await newLog();
      await log.other().push({ ops: [op(1)] });
      const answer = await log.push({ ops: [op(1)] });
      like('the answer', { ...answer, ops: answer.ops.length }, { acked: 1, head: 2, ops: 2 });
    },
  },
  {
    section,
    name: 'a push of another account takes nothing',
    says: ['account, if it is there, has to be the token’s'],
    rules: ['WI8'],
    async run({ newLog, problem, push, call }) {
      const log = await newLog();
      const spaces = { [log.space]: { actor: log.actor, since: 0, ops: [op(1)] } };
      await problem('wrong_account', '/sync/push', { body: { account: uuid(), spaces } });
      same('the head after it', (await log.push()).head, 0);
      const { account } = (await call('/sync/account')).json as { account: string };
      const answers = await push(spaces, { account });
      like('the answer to the right account', answers.spaces[log.space], { acked: 1 });
    },
  },
  {
    section,
    name: 'epoch and digest are optional, and checked when present',
    says: [
      'since says',
      'epoch and digest (the chain at since) are optional and checked when present',
    ],
    rules: ['LG8'],
    async run({ newLog }) {
      const log = await newLog();
      const { epoch, digest } = await log.push({ ops: [op(1)] });
      for (const more of [{}, { epoch }, { digest }, { epoch, digest }]) {
        const { ops } = await log.push({ since: 1, ...more });
        same('ops from since + 1', ops.length, 0);
      }
      await log.stopped('epoch_changed', { since: 1, epoch: 'another' });
      await log.stopped('digest_mismatch', { since: 1, digest: 'f'.repeat(32) });
    },
  },
  {
    section,
    name: 'limit asks for fewer ops of one space, whatever is sent to it',
    says: ['limit asks for fewer ops of the space than the server’s own limit'],
    rules: ['LG18'],
    async run({ newLog }) {
      const log = await newLog();
      await log.other().push({ ops: ops(1, 3) });
      const answer = await log.push({ limit: 1, ops: [op(1)] });
      like('the answer', { ...answer, ops: answer.ops.length }, { acked: 1, more: true, ops: 1 });
      same('the head after it', (await log.push()).head, 4);
    },
  },
  {
    section,
    name: 'create makes the space if nobody has it, and does no harm later',
    says: [
      'create makes the space if nobody has it',
      'A client sends it with a space that it made',
    ],
    rules: ['LG16'],
    async run({ unmade }) {
      const log = unmade();
      const made = await log.push({ create: true, ops: [op(1)] });
      like('the answer', { ...made, ops: [] }, { acked: 1, head: 1, access: 'write' });
      const again = await log.push({ create: true, since: 1, ops: [op(2)] });
      like('the second answer', { ...again, ops: [] }, { acked: 2, head: 2, epoch: made.epoch });
    },
  },
  {
    section,
    name: 'create makes nothing for who has a cursor or an epoch',
    says: ['It does not make one for who has since above 0 or an epoch'],
    rules: ['LG16'],
    async run({ unmade }) {
      const log = unmade();
      await log.stopped('no_such_space', { create: true, since: 1 });
      await log.stopped('no_such_space', { create: true, epoch: 'e1' });
      await log.stopped('no_such_space');
    },
  },
  {
    section,
    name: 'ops are taken in clock order, and have that order in the log',
    says: ['ops are in clock order'],
    rules: ['LG1'],
    async run({ newLog }) {
      const log = await newLog();
      const { acked } = await log.push({ ops: ops(1, 5) });
      same('acked', acked, 5);
      const order = (await log.push()).ops.map(({ clock }) => clock);
      same('the order', order, [1, 2, 3, 4, 5]);
    },
  },
  {
    section,
    name: 'what was acknowledged is there for who asks next',
    says: ['An answer is sent only after what it says is durable'],
    rules: ['LG20', 'LG21'],
    async run({ newLog }) {
      const log = await newLog();
      for (const clock of [1, 2, 3]) {
        same('acked', (await log.push({ ops: [op(clock)] })).acked, clock);
        same('the head after it', (await log.other().push()).head, clock);
      }
    },
  },
  {
    section,
    name: 'spaces of one request are independent of each other',
    says: [
      'Each error is the answer of its space alone',
      'the spaces of a request are independent',
    ],
    rules: ['WI10'],
    async run({ newLog, unmade, push }) {
      const [good, bad, none] = [await newLog(), await newLog(), unmade()];
      const { actor } = good;
      const { spaces } = await push({
        [none.space]: { actor, since: 0, ops: [op(1)] },
        [bad.space]: { actor, since: 0, ops: [op(1), op(3)] },
        [good.space]: { actor, since: 0, ops: [op(1)] },
      });
      like('the good one', spaces[good.space], { acked: 1, head: 1 });
      like('the gap', spaces[bad.space], { error: { code: 'clock_gap', expected: 2 } });
      like('the one that is not there', spaces[none.space], { error: { code: 'no_such_space' } });
      same('the head behind the gap', (await bad.push()).head, 0);
    },
  },
];
