import { type KnownBad } from '../known-bad.ts';

export const fillBeginsOver: KnownBad = {
  name: 'fill-begins-over',
  what: 'A part of a snapshot that came is not remembered: who was cut off takes it again from the start.',
  promise: 2,
  caughtBy: { kind: 'test', file: 'spec/filled.test.ts' },
  edits: [
    {
      file: 'core/filling.ts',
      from: `  of && { epoch: of.epoch, seq: of.seq, offset };`,
      to: `  of && { epoch: of.epoch, seq: of.seq, offset: offset * 0 };`,
    },
  ],
};
