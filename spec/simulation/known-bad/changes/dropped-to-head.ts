import type { KnownBad } from '../known-bad.ts';

export const droppedToHead: KnownBad = {
  name: 'dropped-to-head',
  what: 'A log is dropped up to where the server itself is, whoever has folded how much of it.',
  promise: 6,
  caughtBy: { kind: 'test', file: 'server/log/retention.test.ts' },
  edits: [
    {
      file: 'server/log/retention.ts',
      from: `seq: behind(follower.cursor), follower`,
      to: `seq: behind(facts.space.head), follower`,
    },
  ],
};
