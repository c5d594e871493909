import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const refusalBlocks: KnownBad = {
  name: 'refusal-blocks',
  what: 'The server stops at an op that it refuses, and says nothing of why.',
  promise: 7,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `    if (refusal) {
      const hash`,
      to: `    if (refusal) {
      if (refusal) return { kind: 'gap', expected: op.clock };
      const hash`,
    },
  ],
};
