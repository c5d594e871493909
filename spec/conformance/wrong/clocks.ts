/** What is wrong about the clocks of a push. */
import { wrongly } from '../between.ts';
import type { Asked, SentOp, Told } from '../between.ts';
import { aNewActor, isVoid, lastOf, nameOf } from './wrong-server.ts';
import type { WrongServer } from './wrong-server.ts';

/** Ops by their names, as they were first sent. */
function memory() {
  const first = new Map<string, SentOp>();
  return (space: string, actor: string, op: SentOp): SentOp => {
    const name = nameOf(space, actor, op);
    const known = first.get(name);
    if (!known) first.set(name, op);
    return known ?? op;
  };
}

const voidsUpTo = (from: number, to: number): SentOp[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ clock: from + i, void: true }));

export const clocks: readonly WrongServer[] = [
  {
    wrong: 'it stores a repeated op at a second seq',
    check: 'an op that comes again is a success, and in the log once',
    make() {
      const seen = memory();
      return wrongly({
        asked(asked, space) {
          const { ops = [], actor } = asked;
          const isRepeated = ops.some((op) => seen(space, actor, op) !== op);
          if (!isRepeated) return asked;
          return {
            ...asked,
            actor: aNewActor(),
            ops: ops.map((op, i) => ({ ...op, clock: i + 1 })),
          };
        },
        told: (told, asked) => (asked?.ops ? { ...told, acked: lastOf(asked.ops) } : told),
      });
    },
  },
  {
    wrong: 'it keeps no hash: other bytes count as a repetition',
    check: 'a settled clock with other bytes is actor_forked, and nothing is taken',
    make() {
      const first = memory();
      return wrongly({
        asked: (asked, space) => ({
          ...asked,
          ops: (asked.ops ?? []).map((op) => first(space, asked.actor, op)),
        }),
      });
    },
  },
  {
    wrong: 'it takes a gap',
    check: 'a clock beyond the next is clock_gap, and nothing is taken',
    make: () =>
      wrongly({
        asked: (asked) => ({
          ...asked,
          ops: (asked.ops ?? []).flatMap((op, i, all) => [
            ...voidsUpTo((all[i - 1]?.clock ?? 0) + 1, op.clock),
            op,
          ]),
        }),
      }),
  },
  {
    wrong: 'it takes what comes before a gap',
    check: 'a clock beyond the next is clock_gap, and nothing is taken',
    make: () =>
      wrongly({
        async told(told, asked, space, askFor) {
          if (asked && told.error?.code === 'clock_gap') {
            const dense = (asked.ops ?? []).filter((op, i) => op.clock === i + 1);
            await askFor(space, { ...asked, ops: dense });
          }
          return told;
        },
      }),
  },
  {
    wrong: 'a refused clock is not used up',
    check: 'a refusal uses up the clock, and the ops beside it are taken',
    make: () =>
      wrongly({
        told({ ...told }) {
          const [first] = told.refused ?? [];
          return first ? { ...told, acked: first.clock - 1 } : told;
        },
      }),
  },
  {
    wrong: 'a refusal is told once',
    check: 'a refusal is repeated until its actor pushes from a higher clock',
    make() {
      const isTold = new Set<string>();
      return wrongly({
        told(told, asked, space) {
          if (told.error) return told;
          const news = told.refused.filter(({ clock }) => !isTold.has(`${space} ${clock}`));
          for (const { clock } of news) isTold.add(`${space} ${clock}`);
          return { ...told, refused: news };
        },
      });
    },
  },
  {
    wrong: 'an op of an unknown version uses up its clock',
    check: 'an unknown version stops its space, takes nothing and uses up no clock',
    make: () =>
      wrongly({
        async told(told, asked, space, askFor) {
          if (asked && told.error?.code === 'protocol_unsupported') {
            await askFor(space, { ...asked, ops: voidsUpTo(1, lastOf(asked.ops) + 1) });
          }
          return told;
        },
      }),
  },
  {
    wrong: 'a void leaves an op in the log',
    check: 'a void clock is used up and leaves nothing in the log',
    make: () =>
      wrongly({
        asked: (asked) => ({
          ...asked,
          ops: (asked.ops ?? []).map((op) =>
            isVoid(op) ? { clock: op.clock, base: 0, at: 0, v: 1, payload: 'null' } : op,
          ),
        }),
      }),
  },
  {
    wrong: 'it acknowledges more than was carried',
    check: 'acked is the last settled clock, and settles no more than was carried',
    make: () =>
      wrongly({
        told: (told, asked) => (asked?.ops?.length ? { ...told, acked: told.acked + 1 } : told),
      }),
  },
  {
    wrong: 'it acknowledges before it commits',
    check: 'what was acknowledged is there for who asks next',
    make() {
      const late = new Map<string, Asked>();
      return wrongly({
        async asked(asked, space, askFor) {
          const waiting = late.get(space);
          late.delete(space);
          if (asked.ops?.length) late.set(space, asked);
          else if (waiting) setTimeout(() => void askFor(space, waiting).catch(() => {}), 0);
          return { ...asked, ops: [] };
        },
        told: (told, asked): Told =>
          asked?.ops?.length ? { ...told, acked: lastOf(asked.ops) } : told,
      });
    },
  },
];
