import type { KnownBad } from '../known-bad.ts';

export const forkKeepsClocks: KnownBad = {
  name: 'fork-keeps-clocks',
  what: 'After a fork a device goes on under the same actor.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'spec/forks.test.ts' },
  edits: [
    {
      file: 'sw/engine/turn-over.ts',
      from: `  return {
    ...space,
    actor,
`,
      to: `  void actor;
  return {
    ...space,
`,
    },
  ],
};
