import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const digestIgnored: KnownBad = {
  name: 'digest-ignored',
  what: 'Neither side compares digests.',
  promise: 3,
  caughtBy: withinSeeds(40),
  edits: [
    {
      file: 'server/log/fences.ts',
      from: `  if (request.digest !== undefined && request.digest !== digestAtSince) {
    return { code: 'digest_mismatch', seq: since };
  }
`,
      to: `  void digestAtSince;
`,
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: `  if (answer.ops.length > 0 && digest !== answer.digest) return trouble(tx, row, 'digest_mismatch');
`,
      to: `  row = { ...row, digest: answer.digest };
`,
    },
    {
      file: 'sw/engine/take-answer.ts',
      from: `  const result = await foldInto(context, { row: next, own, verdict, digest });
`,
      to: `  void digest;
  const result = await foldInto(context, { row: next, own, verdict, digest: answer.digest });
`,
    },
  ],
};
