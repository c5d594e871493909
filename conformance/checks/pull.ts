/** A pull, and what is recorded of who asks. */
import { like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { answered, op, ops } from '../log.ts';

export const pullChecks: readonly Check[] = [
  {
    section: 'Pull',
    name: 'a pull is the answer of a push that sends nothing',
    says: ['is the answer of a push that sends nothing'],
    rules: ['WI9'],
    async run({ newLog, push, pull }) {
      const [one, two] = [await newLog(), await newLog()];
      const { epoch, digest } = await one.push({ ops: ops(1, 3) });
      await two.push({ ops: [op(1)] });
      const { actor } = one;
      const pushed = await push({
        [one.space]: { actor, since: 3, epoch, digest },
        [two.space]: { actor, since: 0 },
      });
      const since = `${one.space}:3:${epoch}:${digest},${two.space}:0`;
      const pulled = await pull(`actor=${actor}&since=${since}`);
      for (const { space } of [one, two]) {
        like('the pull', pulled.spaces[space], pushed.spaces[space] as never);
      }
    },
  },
  {
    section: 'Pull',
    name: 'limit asks for fewer ops, and never gets more than the server’s own',
    says: ['limit asks for fewer ops a space'],
    rules: ['LG18', 'WI9'],
    async run({ newLog, pull, problem }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 3) });
      for (const [limit, count] of [
        [2, 2],
        [1_000_000_000, 3],
      ] as const) {
        const { spaces } = await pull(`since=${log.space}:0&limit=${limit}`);
        same(`ops for limit=${limit}`, answered(spaces[log.space]).ops.length, count);
      }
      await problem('bad_request', `/sync/pull?since=${log.space}:0&limit=0`);
      await problem('bad_request', `/sync/pull?since=${log.space}:x`);
      await problem('bad_request', '/sync/pull');
    },
  },
  {
    section: 'Pull',
    name: 'without an actor acked is 0, and the ops come all the same',
    says: ['Without actor nothing is recorded, and acked is 0'],
    rules: ['WI9'],
    async run({ newLog, pull }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 2) });
      const {
        acked,
        ops: all,
        refused,
      } = answered((await pull(`since=${log.space}:0`)).spaces[log.space]);
      like('the answer', { acked, refused, ops: all.length }, { acked: 0, refused: [], ops: 2 });
    },
  },
];
