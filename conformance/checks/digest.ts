/** The chain over the log, computed here from what the server returned. */
import { createHash } from 'node:crypto';
import { digestThrough, EMPTY_DIGEST } from '../../core/index.ts';
import type { SequencedOp } from '../../core/index.ts';
import { holds, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { op, ops } from '../log.ts';
import type { AnsweredOp } from '../log.ts';

const section = 'The digest';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const chainOver = (answered: readonly AnsweredOp[]): string =>
  digestThrough(EMPTY_DIGEST, answered as unknown as readonly SequencedOp[], sha256);

export const digestChecks: readonly Check[] = [
  {
    section,
    name: 'the digest at seq 0 is sixteen zero bytes',
    says: ['At seq 0 it is 16 zero bytes'],
    rules: ['LG12'],
    async run({ newLog }) {
      same('the digest', (await (await newLog()).push()).digest, '00'.repeat(16));
    },
  },
  {
    section,
    name: 'the digest is the chain over the log',
    says: [
      'A chain over the log',
      'At seq n it is the first 16 bytes of SHA-256',
      'the 16 bytes of the digest at seq n − 1',
      'the fields actor, clock, base, at (as stored), v, key, payload',
      'spec/vectors/digest.json has vectors',
    ],
    rules: ['LG12'],
    async run({ newLog }) {
      const log = await newLog();
      await log.push({ ops: [op(1, { payload: 'é\ud83d\ude00', key: 'k' }), op(2)] });
      await log.other().push({ ops: [op(1, { base: 2, at: Date.now() + 1e10 })] });
      const answer = await log.other().push();
      same('ops', answer.ops.length, 3);
      same('the digest', answer.digest, chainOver(answer.ops));
    },
  },
  {
    section,
    name: 'the digest is lower-case hex',
    says: ['It is written in lower-case hex'],
    rules: ['LG12'],
    async run({ newLog }) {
      const { digest } = await (await newLog()).push({ ops: ops(1, 8) });
      holds(`"${digest}" is not 16 bytes in lower-case hex`, /^[0-9a-f]{32}$/.test(digest));
    },
  },
];
