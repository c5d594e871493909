import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const batchSplit: KnownBad = {
  name: 'batch-split',
  what: 'The mutations of a batch become ops of their own.',
  promise: 4,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'sw/engine/plan-write.ts',
      from: `    const payloads = run.map((op) => payloadOf(op, { row, base, mark }));
`,
      to: `    const payloads = run.flatMap((op) => {
      const { do: all, ...rest } = JSON.parse(payloadOf(op, { row, base, mark })) as { do: unknown[] };
      return all.map((one) => JSON.stringify({ do: [one], ...rest }));
    });
`,
    },
  ],
};
