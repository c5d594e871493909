import type { KnownBad } from '../known-bad.ts';

export const agedByTheClock: KnownBad = {
  name: 'aged-by-the-clock',
  what: 'How long a log was kept is measured by the wall clock.',
  promise: 6,
  caughtBy: { kind: 'test', file: 'server/log/retain.test.ts' },
  edits: [
    {
      file: 'server/log/retain.ts',
      from: `    await store.tick(ms);
`,
      to: `    const before = clock ?? now();
    clock = now();
    await store.tick(Math.max(ms, clock - before));
`,
    },
    {
      file: 'server/log/retain.ts',
      from: `  const ending = new AbortController();
`,
      to: `  let clock: number | undefined;
  const ending = new AbortController();
`,
    },
  ],
};
