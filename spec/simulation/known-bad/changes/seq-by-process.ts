import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const seqByProcess: KnownBad = {
  name: 'seq-by-process',
  what: 'An op gets its seq from a count that the process keeps for itself.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `export function settle(ops: readonly SentOp[], before: Before): Settled {
`,
      to: `const counts = new Map<string, number>();
export function settle(ops: readonly SentOp[], before: Before): Settled {
`,
    },
    {
      file: 'server/log/settle.ts',
      from: `      const row = rowOf(received, before.now, digest, before.head + append.length + 1);
`,
      to: `      const seq = (counts.get(before.actor) ?? before.head) + 1;
      counts.set(before.actor, seq);
      const row = rowOf(received, before.now, digest, seq);
`,
    },
  ],
};
