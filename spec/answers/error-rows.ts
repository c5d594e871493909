/** Errors of one space. Where it can be, they are true: the server was put back, and says so itself. */
import { asClock } from '../../core/index.ts';
import { lose, putBack } from './server-side.ts';
import { others, rowOf, type Scene } from './phases.ts';
import type { Row, Rows } from './row.ts';
import { errorOf } from './way.ts';

const saying = (code: string, more: object = {}): Row => ({
  script: ({ space }) => errorOf(space, { code, ...more }),
  code,
});

/** The server's own word, but for a space that it never heard of. */
const trulySaying = (code: string, before: (scene: Scene) => Promise<void> | void): Row => ({
  before: async (scene) => {
    if (!(await isNew(scene))) await before(scene);
  },
  script: async (scene) =>
    (await isNew(scene))
      ? errorOf(scene.space, { code, epoch: 'another', acked: 0, from: 5, head: 5 })
      : () => undefined,
  code,
  loses: true,
});

const isNew = async (scene: Scene) => (await rowOf(scene)).create;

export const ERROR_ROWS: Rows = {
  'clock_gap, ours forgotten': {
    script: ({ space }) => errorOf(space, { code: 'clock_gap', expected: 1 }),
    once: true,
    code: 'clock_gap',
  },
  'clock_gap, none forgotten': {
    script: async (scene) => {
      const { progress } = await rowOf(scene);
      return errorOf(scene.space, { code: 'clock_gap', expected: progress.acked + 1 });
    },
    code: 'clock_gap',
  },
  actor_forked: {
    script: async (scene) => {
      const { turn, progress } = await rowOf(scene);
      let said = false;
      return (push, goOn) => {
        if (said) return undefined;
        said = true;
        const first = push.spaces[scene.space]?.ops?.[0]?.clock;
        const clock = turn?.at ?? first ?? asClock(progress.sealed + 1);
        return errorOf(scene.space, { code: 'actor_forked', clock })(push, goOn);
      };
    },
    wishes: { arrived: false },
    code: 'actor_forked',
  },
  cursor_expired: {
    script: async (scene) => {
      const { progress, cursor } = await rowOf(scene);
      const error = { code: 'cursor_expired', horizon: cursor + 1, acked: progress.acked };
      return errorOf(scene.space, error);
    },
    once: true,
    code: 'cursor_expired',
  },
  cursor_ahead: trulySaying('cursor_ahead', ({ lab, space }) =>
    putBack(lab.server.data, space, { to: 1, newEpoch: false }),
  ),
  'epoch_changed, from below the cursor': trulySaying('epoch_changed', ({ lab, space }) =>
    putBack(lab.server.data, space, { to: 1, newEpoch: true }),
  ),
  'epoch_changed, from at the cursor or above': trulySaying('epoch_changed', async (scene) =>
    putBack(scene.lab.server.data, scene.space, {
      to: (await rowOf(scene)).cursor,
      newEpoch: true,
    }),
  ),
  digest_mismatch: trulySaying('digest_mismatch', async (scene) => {
    putBack(scene.lab.server.data, scene.space, { to: 1, newEpoch: false });
    await others(scene, ['since 1', 'since 2', 'since 3']);
  }),
  'no_such_space, own': trulySaying('no_such_space', ({ lab, space }) =>
    lose(lab.server.data, space),
  ),
  "no_such_space, another's": {
    ...saying('no_such_space'),
    before: async ({ device, space }) => {
      await device.table('_spaces').update(space, { own: undefined });
    },
  },
  space_deleted: saying('space_deleted'),
  forbidden: saying('forbidden'),
  space_full: saying('space_full', { limit: 1 }),
  protocol_unsupported: saying('protocol_unsupported', { versions: [1] }),
};
