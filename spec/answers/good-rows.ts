/** Answers that are no errors: as they should be, late, cut, doubled, of a copy, or not to be believed. */
import { asClock, asSeq, type ActorId, type Clock } from '../../core/index.ts';
import { digestAfter } from './digest-of.ts';
import { cutAfterOne, others, rowOf, type Scene } from './phases.ts';
import type { Rows } from './row.ts';
import { opOf, sendAs, titleOf } from './server-side.ts';
import { allWhole, changed, withOps, type Script, type SentOp } from './way.ts';

const isNew = async (scene: Scene) => (await rowOf(scene)).create;

/** Others cannot write where nothing is yet. */
const written =
  (...titles: string[]) =>
  async (scene: Scene) => {
    if (!(await isNew(scene))) await others(scene, titles);
  };

/** A copy of the device sent this under the next clock that the server does not have. */
async function copySent(scene: Scene, opAt: (clock: Clock) => SentOp): Promise<void> {
  const { actor } = await rowOf(scene);
  const clock = asClock((await settledOnServer(scene, actor)) + 1);
  const op = opAt(clock);
  await sendAs(scene.place, actor, [op], { create: true });
  if (!('void' in op)) scene.written.elsewhere.push('of a copy');
}

async function settledOnServer(scene: Scene, actor: ActorId): Promise<number> {
  const part = await sendAs(scene.place, actor, []);
  return part && !('error' in part) ? part.acked : 0;
}

const voidOp = (clock: Clock): SentOp => ({ clock, void: true });

const twice: Script = async (_, goOn) => {
  await (await goOn()).arrayBuffer();
  return goOn();
};

export const GOOD_ROWS: Rows = {
  'as it should be': {},
  'settles a part': {
    script: ({ space }) =>
      changed(
        space,
        (part) => part,
        (push) => withOps(push, space, (ops) => ops.slice(0, 1)),
      ),
    once: true,
    wishes: { arrived: false },
  },
  'repeats one that was lost': { script: () => twice },
  'names a refusal': {
    script: ({ space }) => {
      let refused: Clock | undefined;
      return changed(
        space,
        (part) =>
          refused === undefined
            ? part
            : { ...part, refused: [{ clock: refused, code: 'too_large', limit: 1 }] },
        (push) =>
          withOps(push, space, ([first, ...rest]) => {
            if (!first) return [];
            refused ??= first.clock;
            return [first.clock === refused ? voidOp(first.clock) : first, ...rest];
          }),
      );
    },
    once: true,
    wishes: { arrived: false },
    code: 'too_large',
  },
  'names taken clocks': {
    script: ({ space }) =>
      changed(space, (part, push) => ({
        ...part,
        taken: (push.spaces[space]?.ops ?? []).map(({ clock }) => clock),
      })),
  },
  "brings others' ops": { before: written('theirs 1', 'theirs 2') },
  'brings own ops whole': {
    script: ({ space }) =>
      changed(
        space,
        (part) => part,
        (push) => withOps(push, space, () => []),
      ),
    once: true,
  },
  'is cut': {
    before: written('theirs 1', 'theirs 2', 'theirs 3'),
    script: (scene) => cutAfterOne(scene),
    once: true,
  },
  'is of a former cursor': {
    script: ({ space }) =>
      changed(
        space,
        (part) => part,
        (push) => {
          const asked = push.spaces[space];
          if (!asked) return push;
          const { epoch: _, digest: __, ...plain } = asked;
          const former = { ...plain, since: asSeq(0) };
          return { ...push, spaces: { ...push.spaces, [space]: former } };
        },
      ),
  },
  'brings an op of a later grammar': {
    before: written('theirs'),
    script: ({ space }) =>
      changed(
        space,
        (part, push) => {
          const ops = part.ops.map((op) => (titleOf(op) === 'theirs' ? { ...op, v: 99 } : op));
          return { ...part, ops, digest: digestAfter(push, space, ops) };
        },
        (push) => allWhole(push, space),
      ),
  },
  'brings an op of our actor with other content': {
    before: (scene) => copySent(scene, (clock) => opOf(clock, 'of a copy')),
  },
  'settles a clock that we never gave': {
    before: (scene) => copySent(scene, voidOp),
  },
  'access is read': {
    before: async ({ device, lab, name }) => {
      const { connection } = await device.session.load();
      const token = await lab.server.tokenFor(name, { readOnly: true });
      if (connection) await device.session.save({ connection: { ...connection, token } });
    },
    code: 'forbidden',
  },
  'another epoch, and no error': {
    script: ({ space }) => changed(space, (part) => ({ ...part, epoch: 'elsewhere' as never })),
    code: 'epoch_changed',
  },
  'a digest that does not fit': {
    before: written('theirs'),
    script: ({ space }) => changed(space, (part) => ({ ...part, digest: 'f'.repeat(32) })),
    code: 'digest_mismatch',
  },
  'nothing of the space': {
    script: ({ space }) => changed(space, () => undefined),
  },
};
