/** What becomes of each clock: refused, repeated, void, forked, or given to another account. */
import { like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, ops, voided } from '../log.ts';

const section = 'Push';

const refusedOp = (clock: number) => op(clock, { base: 1_000_000 });

export const verdictChecks: readonly Check[] = [
  {
    section,
    name: 'a refusal has its code, and too_large its limit',
    says: ['refused: ops that will never be in the log'],
    rules: ['LG9'],
    async run({ newLog, limits }) {
      const { payloadBytes = 0 } = await limits();
      const log = await newLog();
      const tooLarge = op(2, { payload: 'x'.repeat(payloadBytes + 1) });
      const { refused, head } = await log.push({ ops: [op(1), tooLarge, refusedOp(3)] });
      same('refused', refused, [
        { clock: 2, code: 'too_large', limit: payloadBytes },
        { clock: 3, code: 'bad_op' },
      ]);
      same('the head', head, 1);
    },
  },
  {
    section,
    name: 'a refusal uses up the clock, and the ops beside it are taken',
    says: ['A refusal uses up the clock, and the ops beside it are taken'],
    rules: ['LG5'],
    async run({ newLog }) {
      const log = await newLog();
      const answer = await log.push({ ops: [op(1), refusedOp(2), op(3)] });
      like('the answer', { ...answer, ops: [] }, { acked: 3, head: 2 });
      same('acked of the next', (await log.push({ ops: [op(4)] })).acked, 4);
    },
  },
  {
    section,
    name: 'a refusal is repeated until its actor pushes from a higher clock',
    says: ['It is repeated, in answers to pulls too, until its actor pushes from a higher clock'],
    rules: ['LG6'],
    async run({ newLog }) {
      const log = await newLog();
      const asked = { ops: [op(1), refusedOp(2)] };
      const refused = [{ clock: 2, code: 'bad_op' }];
      same('in the first answer', (await log.push(asked)).refused, refused);
      same('in a repetition', (await log.push(asked)).refused, refused);
      same('in a pull', (await log.pull()).refused, refused);
      same(
        'in a push from its own clock',
        (await log.push({ ops: [refusedOp(2)] })).refused,
        refused,
      );
      same('in a push from above', (await log.push({ ops: [op(3)] })).refused, []);
      same('in a pull after that', (await log.pull()).refused, []);
    },
  },
  {
    section,
    name: 'a clock given up that is in the log is named in taken',
    says: ['taken: clocks that this request gave up as void'],
    rules: ['LG7'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1), refusedOp(2), voided(3)] });
      const { taken, acked } = await log.push({ ops: [1, 2, 3, 4].map(voided) });
      same('taken', taken, [1]);
      same('acked', acked, 4);
    },
  },
  {
    section,
    name: 'an op that comes again is a success, and in the log once',
    says: ['The server knows each op as it was received', 'is a duplicate and a success'],
    rules: ['LG2'],
    async run({ newLog }) {
      const log = await newLog();
      const sent = [op(1), op(2, { at: Date.now() + 1e9, key: 'k' }), refusedOp(3)];
      const first = await log.push({ ops: sent });
      const second = await log.push({ ops: [...sent, op(4), op(4)] });
      same('acked', [first.acked, second.acked], [3, 4]);
      const { head, ops: all } = await log.other().push();
      same('the head', head, 3);
      same(
        'clocks in the log',
        all.map(({ clock }) => clock),
        [1, 2, 4],
      );
    },
  },
  {
    section,
    name: 'a void of a settled clock is a success',
    says: ['A void of a settled clock is a success too'],
    rules: ['LG7'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1), voided(2)] });
      same('acked', (await log.push({ ops: [voided(1), voided(2)] })).acked, 2);
      same('the head', (await log.push()).head, 1);
    },
  },
  {
    section,
    name: 'a settled clock with other bytes is actor_forked, and nothing is taken',
    says: ['actor_forked {clock} | an op whose clock is settled'],
    rules: ['LG3'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1), op(2, { key: 'k' }), voided(3)] });
      const forks: readonly (readonly [number, object])[] = [
        ...[{ base: 1 }, { at: 5 }, { key: 'k' }, { payload: '{}' }].map((m) => [1, m] as const),
        ...[{}, { key: 'l' }].map((more) => [2, more] as const),
        [3, {}],
      ];
      for (const [clock, more] of forks) {
        const asked = {
          ops: [op(clock, { ...more }), voided(4)].toSpliced(1, clock === 3 ? 0 : 1),
        };
        like('the error', await log.stopped('actor_forked', asked), { clock });
      }
      const beside = { ops: [op(1), op(2), voided(3), op(4)] };
      like('the error', await log.stopped('actor_forked', beside), { clock: 2 });
      like('the log after it', await log.push(), { head: 2, acked: 3 });
    },
  },
  {
    section,
    name: 'a fork is found before every fence',
    says: ['Found before every fence'],
    rules: ['LG3'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const forked = { ops: [op(1, { payload: '{}' })] };
      await log.stopped('actor_forked', { ...forked, epoch: 'another' });
      await log.stopped('actor_forked', { ...forked, since: 1000 });
      await log.stopped('actor_forked', { ...forked, since: 1, digest: 'f'.repeat(32) });
    },
  },
  {
    section,
    name: 'a clock beyond the next is clock_gap, and nothing is taken',
    says: ['clock_gap {expected}'],
    rules: ['LG4'],
    async run({ newLog }) {
      const log = await newLog();
      like('the first', await log.stopped('clock_gap', { ops: [op(2)] }), { expected: 1 });
      const asked = { ops: [op(1), op(2), op(4)] };
      like('the error', await log.stopped('clock_gap', asked), { expected: 3 });
      like('the log after it', await log.push(), { head: 0, acked: 0 });
      const afterVoid = { ops: [op(1), voided(3)] };
      like('a void', await log.stopped('clock_gap', afterVoid), { expected: 2 });
      same('the dense ones', (await log.push({ ops: ops(1, 3) })).acked, 3);
    },
  },
  {
    section,
    name: 'an unknown version is an error of its space, with the versions that are known',
    says: ['protocol_unsupported {versions} | a new op'],
    rules: ['LG11'],
    async run({ newLog }) {
      const log = await newLog();
      const asked = { ops: [op(1, { v: 2 ** 31 })] };
      like('the error', await log.stopped('protocol_unsupported', asked), { versions: [1, 2, 3] });
    },
  },
];
