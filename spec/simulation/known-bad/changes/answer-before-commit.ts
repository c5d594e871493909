import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const answerBeforeCommit: KnownBad = {
  name: 'answer-before-commit',
  what: 'The server answers first and commits a few requests later.',
  promise: 1,
  caughtBy: withinSeeds(20),
  edits: [
    {
      file: 'server/store/group-commit.ts',
      from: `  function alone({ work }: Member): Outcome {
    try {
      begin.run();
      const value = work();
      commit.run();
`,
      to: `  let answered = 0;
  function alone({ work }: Member): Outcome {
    try {
      if (!db.inTransaction) begin.run();
      const value = work();
      if (++answered < 30 || answered % 4 === 0) commit.run();
`,
    },
    {
      file: 'server/store/group-commit.ts',
      from: '(group.length > 1 && together(group)) || group.map(alone);',
      to: '(group.length > 256 && together(group)) || group.map(alone);',
    },
    {
      file: 'server/store/sqlite.ts',
      from: `      if (!db.open) return;
`,
      to: `      if (!db.open) return;
      if (db.inTransaction) db.exec('ROLLBACK');
`,
    },
  ],
};
