import { type KnownBad } from '../known-bad.ts';

export const voidNotSent: KnownBad = {
  name: 'void-not-sent',
  what: 'A clock that no op has any more is not given up, and what follows waits for it.',
  promise: 7,
  caughtBy: { kind: 'test', file: 'core/outbox.test.ts' },
  edits: [
    {
      file: 'core/outbox.ts',
      from: `      for (; next < clock; next++) if (!add({ clock: asClock(next), void: true })) return ops;
`,
      to: '',
    },
  ],
};
