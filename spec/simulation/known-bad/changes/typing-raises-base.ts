import { withinSeeds, type KnownBad } from '../known-bad.ts';

export const typingRaisesBase: KnownBad = {
  name: 'typing-raises-base',
  what: 'What is typed on takes the later base, as if its first letters had seen that much.',
  promise: 4,
  caughtBy: withinSeeds(40),
  edits: [
    {
      file: 'core/typing.ts',
      from: 'last.base !== next.base || ',
      to: '',
    },
  ],
};
