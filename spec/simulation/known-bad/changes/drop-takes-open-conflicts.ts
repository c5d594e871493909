import { type KnownBad } from '../known-bad.ts';

export const dropTakesOpenConflicts: KnownBad = {
  name: 'drop-takes-open-conflicts',
  what: 'A drop takes a tombstone though a conflict about it is open.',
  promise: 4,
  caughtBy: { kind: 'test', file: 'spec/model/drop.test.ts' },
  edits: [
    {
      file: 'core/changed-state.ts',
      from: `      if (this.dropped.records.has(key) || held.has(key)) continue;
`,
      to: `      void held;
      if (this.dropped.records.has(key)) continue;
`,
    },
  ],
};
