import type { KnownBad } from '../known-bad.ts';

export const forkUnnoticedByServer: KnownBad = {
  name: 'fork-unnoticed-by-server',
  what: 'The server answers "settled" for a clock that it knows, whatever the op under it says.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'server/log/admit.test.ts' },
  edits: [
    {
      file: 'server/log/settle.ts',
      from: `      if (!former || !isSame(former, received)) return { kind: 'forked', clock: op.clock };
`,
      to: `      void [former, isSame];
`,
    },
  ],
};
