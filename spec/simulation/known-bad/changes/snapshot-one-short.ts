import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const snapshotOneShort: KnownBad = {
  name: 'snapshot-one-short',
  what: 'A snapshot lacks the last op of what it says it has.',
  promise: 3,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'server/snapshots/fold-space.ts',
      from: `    const { count, stopped } = state.fold(page.ops);
`,
      to: `    const { count: short, stopped } = state.fold(page.ops.slice(0, -1));
    const count = short + 1;
    state.seq = (state.seq + 1) as Seq;
`,
    },
  ],
};
