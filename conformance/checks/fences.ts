/** Who is kept out of a space, on push as on pull, and what they hear of what is settled. */
import { SERVER_ACTOR } from '../../core/index.ts';
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, voided } from '../log.ts';
import type { Log, Question } from '../log.ts';

const section = 'Push';

const OTHER_DIGEST = 'f'.repeat(32);

/** A log of two ops of this actor's, and a third that was refused. */
async function withThree(log: Log) {
  return log.push({ ops: [op(1), op(2), op(3, { base: 1_000_000 })] });
}

/** The fence holds for a push with a new op, for one without, and for a pull; nothing is taken. */
async function fenced(log: Log, code: string, question: Question) {
  const errors = [
    await log.stopped(code, { ...question, ops: [op(4)] }),
    await log.stopped(code, { ...question, ops: [voided(4)] }),
    await log.stopped(code, question),
  ];
  const isWhole = question.epoch !== undefined || question.digest === undefined;
  if (isWhole) errors.push(await log.pullStopped(code, question));
  like('the log after it', await log.push(), { head: 2, acked: 3 });
  return errors;
}

export const fenceChecks: readonly Check[] = [
  {
    section,
    name: 'a space that nobody has is no_such_space',
    says: ['no_such_space | nobody has it, and it was not made'],
    rules: ['LG16'],
    async run({ unmade }) {
      await unmade().stopped('no_such_space', { ops: [op(1)] });
      await unmade().pullStopped('no_such_space');
    },
  },
  {
    section,
    name: 'a space of another account is forbidden, and nothing of it is told',
    says: ['forbidden | no grant'],
    rules: ['AU7'],
    needs: ['other'],
    async run({ newLog, tokens: { other = '' } }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const stranger = log.other();
      for (const question of [{}, { ops: [op(1)] }, { create: true }]) {
        same('the error', await stranger.stopped('forbidden', question, other), {
          code: 'forbidden',
        });
      }
      await stranger.pullStopped('forbidden', {}, other);
      same('the head after it', (await log.push()).head, 1);
    },
  },
  {
    section,
    name: 'a read-only token makes no space',
    says: ['a read-only token that would make a space'],
    rules: ['AU4'],
    needs: ['readOnly'],
    async run({ unmade, problem, tokens: { readOnly = '' } }) {
      const log = unmade();
      await log.stopped('forbidden', { create: true, ops: [op(1)] }, readOnly);
      await problem('forbidden', '/sync/spaces', { body: { space: log.space }, token: readOnly });
      await log.stopped('no_such_space');
    },
  },
  {
    section,
    name: 'a token for one space is forbidden every other',
    says: ['a token for other spaces'],
    rules: ['AU3'],
    needs: ['oneSpace'],
    async run({ newLog, tokens: { oneSpace = '' } }) {
      const log = await newLog();
      await log.stopped('forbidden', { ops: [op(1)] }, oneSpace);
      await log.pullStopped('forbidden', {}, oneSpace);
    },
  },
  {
    section,
    name: 'another epoch is epoch_changed, with the log’s own',
    says: ['epoch_changed {epoch, from, head, acked}', 'they hold for a push as for a pull'],
    rules: ['LG8'],
    async run({ newLog }) {
      const log = await newLog();
      const { epoch, digest } = await withThree(log);
      for (const error of await fenced(log, 'epoch_changed', { since: 2, epoch: 'x', digest })) {
        like('the error', error, { epoch, head: 2, acked: 3 });
        holds('"from" is a number', typeof error['from'] === 'number');
      }
    },
  },
  {
    section,
    name: 'a cursor above the head is cursor_ahead',
    says: ['cursor_ahead {head, acked}', 'they hold for a push as for a pull'],
    rules: ['LG8'],
    async run({ newLog }) {
      const log = await newLog();
      await withThree(log);
      for (const error of await fenced(log, 'cursor_ahead', { since: 3 })) {
        like('the error', error, { head: 2, acked: 3 });
      }
    },
  },
  {
    section,
    name: 'another digest is digest_mismatch, at the head and below it',
    says: ['digest_mismatch {seq, acked}', 'they hold for a push as for a pull'],
    rules: ['LG8'],
    async run({ newLog }) {
      const log = await newLog();
      const { epoch, digest } = await withThree(log);
      const wrong = [
        { since: 2, epoch, digest: OTHER_DIGEST },
        { since: 1, epoch, digest },
        { since: 0, epoch, digest: OTHER_DIGEST },
        { since: 2, digest: OTHER_DIGEST },
      ];
      for (const question of wrong) {
        for (const error of await fenced(log, 'digest_mismatch', question)) {
          like('the error', error, { seq: question.since, acked: 3 });
        }
      }
    },
  },
  {
    section,
    name: 'an error that says what is settled repeats the refusals',
    says: ['An error with acked has refused beside it'],
    rules: ['LG6'],
    async run({ newLog }) {
      const log = await newLog();
      await withThree(log);
      for (const error of await fenced(log, 'cursor_ahead', { since: 3 }).then((all) =>
        all.slice(2),
      )) {
        like('the error', error, { acked: 3, refused: [{ clock: 3, code: 'bad_op' }] });
      }
    },
  },
  {
    section,
    name: 'what is checked is checked in its order',
    says: ['What is checked, in this order'],
    rules: ['LG3', 'LG8'],
    async run({ newLog, unmade }) {
      const log = await newLog();
      await withThree(log);
      const gap = { ops: [op(9, { v: 99 })] };
      const wrong = { since: 9, epoch: 'x', digest: OTHER_DIGEST };
      await unmade().stopped('no_such_space', { ...gap, ...wrong });
      await log.stopped('epoch_changed', { ...gap, ...wrong });
      await log.stopped('cursor_ahead', { ...gap, since: 9, digest: OTHER_DIGEST });
      await log.stopped('digest_mismatch', { ...gap, since: 2, digest: OTHER_DIGEST });
      await log.stopped('clock_gap', { ...gap, since: 2 });
      await log.stopped('protocol_unsupported', { since: 2, ops: [op(4, { v: 99 })] });
    },
  },
  {
    section: 'Retention',
    name: 'nobody else may send in the name of the server',
    says: ['in whose name nobody else may send (forbidden)'],
    rules: ['RT27'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const server = log.other(SERVER_ACTOR);
      await server.stopped('forbidden', { ops: [op(1)] });
      await server.stopped('forbidden');
      like('the log after it', await log.push(), { head: 1, acked: 1 });
    },
  },
];
