import { type KnownBad } from '../known-bad.ts';

export const synchronousNormal: KnownBad = {
  name: 'synchronous-normal',
  what: 'The server answers before its commits are on the disk.',
  promise: 1,
  caughtBy: { kind: 'test', file: 'server/store/sqlite.test.ts' },
  edits: [
    {
      file: 'server/store/database.ts',
      from: `    db.pragma('synchronous = FULL');
`,
      to: `    db.pragma('synchronous = NORMAL');
`,
    },
    {
      file: 'server/store/database.ts',
      from: `  if (journal !== 'wal' || synchronous !== SYNCHRONOUS_FULL) {
`,
      to: `  if (journal !== 'wal' || synchronous === SYNCHRONOUS_FULL) {
`,
    },
  ],
};
