import type { KnownBad } from '../known-bad.ts';

export const forkUnnoticedByDevice: KnownBad = {
  name: 'fork-unnoticed-by-device',
  what: 'A device takes every op under its own actor for its own, without comparing what it says.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'spec/forks.test.ts' },
  edits: [
    {
      file: 'sw/engine/own-ops.ts',
      from: `    const isForeign = isOurs && (place ? !isSame(op, place) : op.clock > sealed);
`,
      to: `    const isForeign = false;
`,
    },
  ],
};
