/** How an answer is cut, and what it says of the log at its end. */
import { holds, like, same } from '../agree.ts';
import { Unreachable } from '../check.ts';
import type { Check } from '../check.ts';
import { op, ops } from '../log.ts';
import type { Log } from '../log.ts';
import type { Limits } from '../probe.ts';
import { chainOver } from './digest.ts';

/** More than this is not worth filling a log with. */
const MOST_OPS = 20_000;
const MOST_BYTES = 32 * 1024 * 1024;

async function filled(log: Log, { opsPerSpace = 1 }: Limits, count: number): Promise<void> {
  if (count > MOST_OPS) throw new Unreachable(`a limit of at most ${MOST_OPS} ops`);
  for (let sent = 0; sent < count; sent += opsPerSpace) {
    await log.push({ since: sent, ops: ops(sent + 1, Math.min(sent + opsPerSpace, count)) });
  }
}

export const answerChecks: readonly Check[] = [
  {
    section: 'Push',
    name: 'digest is the chain at the last op returned, or at since',
    says: ['digest is the chain at the last op returned'],
    rules: ['LG12'],
    async run({ newLog, pull }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 4) });
      const all = (await log.other().push()).ops;
      for (const last of [1, 2, 3]) {
        const cut = (await pull(`since=${log.space}:0&limit=${last}`)).spaces[log.space];
        like(`the answer cut at ${last}`, cut, { digest: chainOver(all.slice(0, last)) });
      }
      same('at since', (await log.push({ since: 4 })).digest, chainOver(all));
      const own = await log.push({ since: 4, ops: ops(5, 6) });
      const chain = chainOver((await log.push()).ops);
      same('with own ops named alone', own.digest, chain);
    },
  },
  {
    section: 'Push',
    name: 'more says that the answer was cut',
    says: ['more says that the answer was cut'],
    rules: ['LG18'],
    async run({ newLog, pull }) {
      const log = await newLog();
      await log.push({ ops: ops(1, 3) });
      same('of a whole answer', (await log.push()).more, false);
      for (const [since, more] of [
        [0, true],
        [1, false],
        [3, false],
      ] as const) {
        const { spaces } = await pull(`since=${log.space}:${since}&limit=2`);
        like(`two ops from ${since}`, spaces[log.space], { more });
      }
    },
  },
  {
    section: 'Limits',
    name: 'an answer has no more ops than its limit, and more',
    says: ['opsPerAnswer'],
    rules: ['LG18'],
    async run({ newLog, limits }) {
      const announced = await limits();
      const { opsPerAnswer = 0 } = announced;
      const log = await newLog();
      await filled(log, announced, opsPerAnswer + 1);
      const reader = log.other();
      const { ops: page, more, digest } = await reader.push();
      like('the page', { ops: page.length, more }, { ops: opsPerAnswer, more: true });
      const rest = await reader.push({ since: opsPerAnswer, digest });
      like('the rest', { ops: rest.ops.length, more: rest.more }, { ops: 1, more: false });
    },
  },
  {
    section: 'Limits',
    name: 'an answer has no more bytes of payload than its limit, and more',
    says: ['answerBytes'],
    rules: ['LG18'],
    async run({ newLog, limits }) {
      const { payloadBytes = 0, answerBytes = 0, bodyBytes = 0 } = await limits();
      if (answerBytes > MOST_BYTES) throw new Unreachable(`a limit of at most ${MOST_BYTES} bytes`);
      const payload = 'x'.repeat(Math.min(payloadBytes, Math.floor(bodyBytes / 2)));
      const fit = Math.floor(answerBytes / payload.length);
      const log = await newLog();
      for (let clock = 1; clock <= fit + 1; clock++) {
        await log.push({ since: clock - 1, ops: [op(clock, { payload })] });
      }
      const { ops: page, more } = await log.other().push();
      const bytes = page.reduce((sum, each) => sum + each.payload.length, 0);
      holds(`${bytes} bytes of payload, ${answerBytes} are the limit`, bytes <= answerBytes);
      holds('the page has an op', page.length > 0);
      same('more', more, true);
    },
  },
];
