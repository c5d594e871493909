import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const seqByRowid: KnownBad = {
  name: 'seq-by-rowid',
  what: 'An op gets its seq from the row that it has in the table of all spaces.',
  promise: 2,
  caughtBy: withinSeeds(10),
  edits: [
    {
      file: 'server/store/op-rows.ts',
      from: '  const after = db.prepare<[number, number, number], OpRow>(',
      to: `  const next = db.prepare<[], number>('SELECT coalesce(max(n), 0) + 1 FROM op').pluck();
  const after = db.prepare<[number, number, number], OpRow>(`,
    },
    {
      file: 'server/store/op-rows.ts',
      from: '      insert.run(space.n, seq, actor,',
      to: '      insert.run(space.n, Math.max(seq, next.get() ?? 0), actor,',
    },
  ],
};
