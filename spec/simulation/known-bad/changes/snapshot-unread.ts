import type { KnownBad } from '../known-bad.ts';

export const snapshotUnread: KnownBad = {
  name: 'snapshot-unread',
  what: 'A log is dropped on the word of the rows of its snapshots, and their bodies are not read.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'server/log/damaged.test.ts' },
  edits: [
    {
      file: 'server/snapshots/read-parts.ts',
      from: `      await source.part(snapshot, index);
`,
      to: `      void index;
`,
    },
  ],
};
