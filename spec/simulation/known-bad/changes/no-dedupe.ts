import { withinSeeds, type KnownBad } from '../known-bad.ts';

/** The index would notice it: both guards are taken away. */
export const noDedupe: KnownBad = {
  name: 'no-dedupe',
  what: 'The server takes a repeated op for a new one.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `    if (isRepeated) {
      const former = kept.get(op.clock);
      if (!former || !isSame(former, received)) return { kind: 'forked', clock: op.clock };
      continue;
    }
`,
      to: '',
    },
    {
      file: 'server/store/schema.ts',
      from: `  UNIQUE (space, seq),
  UNIQUE (actor, clock)
`,
      to: `  UNIQUE (space, seq)
`,
    },
  ],
};
